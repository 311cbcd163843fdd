package io.ledgerway.schemas.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.audit.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Writes what is new: the log of a scene that has none, and the folds of a log that has none. It changes nothing
/// that is there.
@EnabledIfSystemProperty(named = "ledgerway.golden.record", matches = "true")
class RecordGoldenLogsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void newScenesAndNewLogsAreRecorded() throws IOException {
        Files.createDirectories(GoldenLog.FOLDER);
        Scenes.ALL.forEach((name, scene) -> {
            var log = new GoldenLog(name);
            if (Files.notExists(log.log())) {
                var scenes = new Scenes();
                scene.accept(scenes);
                GoldenLog.writeNew(
                        log.log(),
                        scenes.scribe.records().stream()
                                .map(Base64.getEncoder()::encodeToString)
                                .toList());
            }
        });
        for (var log : GoldenLog.all()) {
            if (Files.notExists(log.states())) {
                GoldenLog.writeNew(log.states(), states(log.records()));
            }
            if (Files.notExists(log.intervals())) {
                GoldenLog.writeNew(log.intervals(), Folded.intervals(log.records()));
            }
        }
    }

    private static List<String> states(List<Envelope> records) throws IOException {
        var lines = new ArrayList<String>();
        var before = new HashMap<String, JsonNode>();
        var folded = new Folded();
        for (var record : records) {
            folded.add(record);
            var stream = record.stream().name();
            var after = MAPPER.readTree(Json.text(folded.state(record.stream())));
            var line = MAPPER.createObjectNode()
                    .put("at", record.partition() + ":" + record.sequence())
                    .put("event", record.event().getClass().getSimpleName())
                    .put("stream", stream);
            var changed = line.putObject("changed");
            var old = before.getOrDefault(stream, MAPPER.createObjectNode());
            after.properties().forEach(field -> {
                if (!field.getValue().equals(old.path(field.getKey()))) {
                    changed.set(field.getKey(), field.getValue());
                }
            });
            old.fieldNames().forEachRemaining(field -> {
                if (!after.has(field)) {
                    changed.putNull(field);
                }
            });
            before.put(stream, after);
            lines.add(MAPPER.writeValueAsString(line));
        }
        return lines;
    }
}
