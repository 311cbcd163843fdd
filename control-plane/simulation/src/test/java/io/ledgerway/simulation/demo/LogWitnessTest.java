package io.ledgerway.simulation.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.domain.Envelope;
import io.ledgerway.schemas.EnvelopeCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogWitnessTest {

    private static final Path GOLDEN = Path.of("..", "..", "schemas", "golden");
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<String> logs() throws IOException {
        try (var files = Files.list(GOLDEN)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".log"))
                    .map(file -> file.replace(".log", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /// What auditors find by the product's code.
    @ParameterizedTest
    @MethodSource("logs")
    void theWitnessSeesTheHoldingsThatAuditorsFind(String log) {
        var expected = new ArrayList<String>();
        for (var line : lines(log + ".intervals.jsonl")) {
            var interval = json(line);
            if (interval.has("held")) {
                expected.add(String.join(
                        " ",
                        interval.path("held").asText(),
                        interval.path("by").asText().split("/")[0],
                        interval.path("node").asText(),
                        interval.path("eni").asText(),
                        interval.path("from").asText(),
                        interval.path("begun").asText(),
                        interval.path("to").asText(),
                        interval.path("ended").asText()));
            }
        }

        var seen = LogWitness.of(records(log)).stays().stream()
                .map(stay -> String.join(
                        " ",
                        stay.address(),
                        stay.pod(),
                        stay.node(),
                        stay.eni(),
                        stay.begun().at().toString(),
                        stay.begun().position(),
                        stay.until().map(Stay.Told::at).map(Instant::toString).orElse(""),
                        stay.until().map(Stay.Told::position).orElse("")))
                .toList();

        assertEquals(expected.stream().sorted().toList(), seen.stream().sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("logs")
    void theWitnessSeesTheAddressesThatEnisHaveInTheEnd(String log) {
        var records = records(log);
        var expected = lines(log + ".intervals.jsonl").stream()
                .map(LogWitnessTest::json)
                .filter(interval -> interval.has("assigned") && !interval.has("to"))
                .map(interval -> interval.path("assigned").asText() + " on "
                        + interval.path("eni").asText())
                .sorted()
                .toList();

        var seen = LogWitness.of(records).assignments().stream().sorted().toList();

        var primaries = primaries(records);
        assertEquals(expected.stream().filter(each -> !primaries.contains(each)).toList(), seen);
    }

    private static List<String> primaries(List<List<Envelope>> records) {
        return records.stream()
                .flatMap(List::stream)
                .map(record -> record.event() instanceof io.ledgerway.domain.node.NodeEvent.EniCreated created
                        ? Optional.of(created.primary() + " on " + created.eni())
                        : Optional.<String>empty())
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<List<Envelope>> records(String log) {
        return List.of(lines(log + ".log").stream()
                .map(line -> EnvelopeCodec.decode(Base64.getDecoder().decode(line)))
                .toList());
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(GOLDEN.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
