package io.ledgerway.simulation.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @Test
    void oneCheckThatDidNotHoldFailsTheWhole() {
        var checks = new Checks();
        assertFalse(new Report(checks.all(), List.of(), List.of()).held(), "nothing was claimed");
        checks.add("one", true, "fine");
        assertTrue(new Report(checks.all(), List.of(), List.of()).held());
        checks.add("two", false, "not fine");
        assertFalse(new Report(checks.all(), List.of(), List.of()).held());
    }

    @Test
    void differencesAreToldFromBothSides() {
        var differences = Differences.between("the log", List.of("a", "b"), "the kernel", List.of("b", "c"));

        assertEquals("only the log says (1): a; only the kernel says (1): c", differences.toString());
        assertTrue(Differences.between("x", List.of("a", "b"), "y", List.of("b", "a"))
                .isEmpty());
    }

    @Test
    void somethingSaidTwiceIsNotTheSameAsOnce() {
        assertFalse(
                Differences.between("x", List.of("a", "a"), "y", List.of("a")).isEmpty());
    }

    @Test
    void aPercentileIsOneOfTheMeasurements() {
        var measured =
                LongStream.rangeClosed(1, 100).mapToObj(Duration::ofMillis).toList();

        assertEquals(new Figure("p", "ms", 50), Figure.percentile("p", measured, 0.5));
        assertEquals(new Figure("p", "ms", 99), Figure.percentile("p", measured, 0.99));
        assertEquals(new Figure("p", "ms", 7), Figure.percentile("p", List.of(Duration.ofMillis(7)), 0.99));
    }

    @Test
    void theFileHoldsChecksFiguresAndHowLongEachStepTook(@TempDir Path folder) throws IOException {
        var file = folder.resolve("demo.json");

        new Report(
                        List.of(new Checks.Check("one", true, "fine")),
                        List.of(new Figure("ADD, p50", "ms", 3.5)),
                        List.of(new Figure("adding pods", "s", 2.5)))
                .write(file);

        assertEquals(new ObjectMapper().readTree("""
                        {"checks": [{"name": "one", "held": true, "detail": "fine"}],
                         "figures": [{"name": "ADD, p50", "unit": "ms", "value": 3.5}],
                         "steps": [{"name": "adding pods", "unit": "s", "value": 2.5}]}
                        """), new ObjectMapper().readTree(file.toFile()));
    }
}
