package io.ledgerway.simulation.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {

    private static final List<BenchFigure> FIGURES = List.of(
            BenchFigure.lowerIsBetter("ADD, p50", "ms", 4.5)
                    .beside("ptp + host-local", 10)
                    .aimAtRatio(0.6),
            BenchFigure.higherIsBetter("durable, 20 callers", "/s", 5380)
                    .beside("bare producer", 9994, 0.52)
                    .aimAtRatio(0.7),
            BenchFigure.lowerIsBetter("memory", "MB", 79.25).aimAtValue(80),
            BenchFigure.lowerIsBetter("DEL, p50", "ms", 0.12345));

    private static final BenchReport REPORT =
            new BenchReport("add", "0123456789ab dirty", "2 cores, load 0.1", FIGURES, List.of("warm after 1,500"));

    @Test
    void theFileHasTheFormThatBenchmarksShare(@TempDir Path folder) throws IOException {
        var file = folder.resolve("add.json");

        REPORT.write(file);

        assertEquals(new ObjectMapper().readTree("""
                {"bench": "add", "commit": "0123456789ab dirty", "machine": "2 cores, load 0.1",
                 "figures": [
                   {"name": "ADD, p50", "unit": "ms", "value": 4.5, "beside": {"ptp + host-local": 10.0},
                    "ratio": 0.45, "aim": 0.6, "aim_on": "ratio", "better": "lower"},
                   {"name": "durable, 20 callers", "unit": "/s", "value": 5380.0, "beside": {"bare producer": 9994.0},
                    "ratio": 0.52, "aim": 0.7, "aim_on": "ratio", "better": "higher"},
                   {"name": "memory", "unit": "MB", "value": 79.25, "aim": 80.0, "aim_on": "value",
                    "better": "lower"},
                   {"name": "DEL, p50", "unit": "ms", "value": 0.123, "better": "lower"}],
                 "notes": ["warm after 1,500"]}
                """), new ObjectMapper().readTree(file.toFile()));
    }

    @Test
    void theTableSaysTheSame() {
        assertEquals(
                List.of(
                        "                      ours  unit  beside                   ratio          aim",
                        "ADD, p50              4.50  ms    ptp + host-local  10.00   0.45      <= 0.60  reached",
                        "durable, 20 callers  5,380  /s    bare producer     9,994   0.52      >= 0.70  MISSED",
                        "memory               79.25  MB                                    <= 80.00 MB  reached",
                        "DEL, p50              0.12  ms"),
                FigureTable.lines(FIGURES));
    }

    @Test
    void whereTheRatioLiesStandsBesideIt() {
        var figure = BenchFigure.lowerIsBetter("ADD", "ms", 3)
                .beside("with the log", 6)
                .within(new RatioInterval(0.4812, 0.5234));

        assertEquals(List.of(0.481, 0.523), figure.document().get("ratio_95"));
        assertEquals(
                "ADD  3.00  ms    with the log  6.00  0.50 (0.48 to 0.52)",
                FigureTable.lines(List.of(figure)).getLast());
    }

    @Test
    void aMissedAimIsNamedInTheVerdict() {
        assertEquals(List.of(FIGURES.get(1)), REPORT.missed());
        assertEquals("1 of 3 aims missed.", lastLine(REPORT));
        assertEquals(
                "All 1 aims reached.", lastLine(new BenchReport("add", "c", "m", FIGURES.subList(2, 4), List.of())));
    }

    private static String lastLine(BenchReport report) {
        var bytes = new ByteArrayOutputStream();
        report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList().getLast();
    }
}
