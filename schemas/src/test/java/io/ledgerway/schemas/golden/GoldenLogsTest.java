package io.ledgerway.schemas.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.audit.Json;
import io.ledgerway.domain.audit.StateDigest;
import io.ledgerway.schemas.EnvelopeCodec;
import io.ledgerway.schemas.Samples;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Logs that were written once still mean what they meant then. Their bytes and their folds are files; README.md
/// says how one is added.
class GoldenLogsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static List<GoldenLog> logs() {
        return GoldenLog.all();
    }

    @ParameterizedTest
    @MethodSource("logs")
    void everyPrefixFoldsToWhatItFoldedTo(GoldenLog log) throws IOException {
        var recorded = GoldenLog.lines(log.states());
        var records = log.records();
        assertEquals(recorded.size(), records.size(), "a line of folds for each record of " + log);
        var expected = new HashMap<String, ObjectNode>();
        var folded = new Folded();
        for (int i = 0; i < records.size(); i++) {
            var line = MAPPER.readTree(recorded.get(i));
            var record = records.get(i);
            var where = log + " at " + record.partition() + ":" + record.sequence();
            assertEquals(line.path("at").asText(), record.partition() + ":" + record.sequence());
            assertEquals(line.path("stream").asText(), record.stream().name());
            expected.computeIfAbsent(record.stream().name(), name -> MAPPER.createObjectNode());
            apply(expected.get(record.stream().name()), line.path("changed"));

            folded.add(record);

            for (var stream : expected.keySet()) {
                assertFieldsEqual(
                        NewerFields.added(log, records.subList(0, i + 1), new Stream(stream), expected.get(stream)),
                        MAPPER.readTree(Json.text(folded.state(new Stream(stream)))),
                        where + ", " + stream);
            }
        }
    }

    /// Field by field, so that a failure names the one that means something else now.
    private static void assertFieldsEqual(JsonNode expected, JsonNode actual, String where) {
        var fields = new TreeSet<String>();
        expected.fieldNames().forEachRemaining(fields::add);
        actual.fieldNames().forEachRemaining(fields::add);
        fields.forEach(field -> assertEquals(expected.get(field), actual.get(field), where + ", " + field));
    }

    private static void apply(ObjectNode state, JsonNode changed) {
        changed.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                state.remove(field.getKey());
            } else {
                state.set(field.getKey(), field.getValue());
            }
        });
    }

    @ParameterizedTest
    @MethodSource("logs")
    void auditorsFindTheIntervalsThatTheyFound(GoldenLog log) {
        var recorded = GoldenLog.lines(log.intervals());
        var found = Folded.intervals(log.records());

        assertEquals(recorded, found, log.name());
    }

    @ParameterizedTest
    @MethodSource("logs")
    void aFoldThatStopsAnywhereAndGoesOnIsTheWholeFold(GoldenLog log) {
        var records = log.records();
        var whole = digests(records, records.size());
        for (int split = 0; split <= records.size(); split++) {
            assertEquals(whole, digests(records, split), log + " split at " + split);
        }
    }

    /// Folds up to `split`, and from there on from bytes that were written anew.
    private static Map<String, String> digests(List<Envelope> records, int split) {
        var folded = new Folded();
        records.subList(0, split).forEach(folded::add);
        records.subList(split, records.size())
                .forEach(record -> folded.add(EnvelopeCodec.decode(EnvelopeCodec.encode(record))));
        var digests = new HashMap<String, String>();
        for (var record : records) {
            if (record.stream().isNode()) {
                digests.put(record.stream().name(), StateDigest.of(folded.node(record.stream())));
            }
        }
        return digests;
    }

    @ParameterizedTest
    @MethodSource("logs")
    void recordsAreWrittenAgainAsTheyWereAndFollowEachOther(GoldenLog log) {
        var next = new HashMap<Integer, Long>();
        var last = new HashMap<Integer, Envelope.Hash>();
        for (var bytes : log.bytes()) {
            var record = EnvelopeCodec.decode(bytes);
            int partition = record.partition();
            assertArrayEquals(bytes, EnvelopeCodec.encode(record), log + " " + partition + ":" + record.sequence());
            assertEquals(next.getOrDefault(partition, 0L), record.sequence(), log.name());
            assertEquals(last.getOrDefault(partition, Envelope.Hash.NONE), record.previousHash(), log.name());
            next.put(partition, record.sequence() + 1);
            last.put(partition, hash(bytes));
        }
    }

    static Envelope.Hash hash(byte[] value) {
        try {
            return new Envelope.Hash(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Test
    void everyEventTypeOfTheCatalogueOccursInAGoldenLog() {
        var missing = new TreeSet<String>();
        Samples.eventTypes().forEach(type -> missing.add(type.getSimpleName()));
        assertFalse(missing.isEmpty());

        GoldenLog.all()
                .forEach(log -> log.records()
                        .forEach(record ->
                                missing.remove(record.event().getClass().getSimpleName())));

        assertTrue(missing.isEmpty(), () -> "no golden log has " + missing + "; README.md says how one is added");
    }
}
