package io.ledgerway.schemas.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.node.NodeEvent;
import java.util.List;

/// Fields of a node's state that came after logs had been recorded. What was recorded before does not name them,
/// so they have to hold the one thing that a log from before can mean, at every prefix of it.
final class NewerFields {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// @param within the field that holds it; empty for one of the state itself
    /// @param since the first golden log that names it
    /// @param before what every older log means, as JSON
    private record Newer(String within, String name, int since, String before) {}

    private static final List<Newer> OF_NODES = List.of(
            new Newer("", "standing", 5, "{\"state\":\"SERVING\"}"),
            new Newer("", "predecessors", 5, "[]"),
            new Newer("", "guarded", 5, "[]"),
            new Newer("target", "offlineReserve", 5, "0"),
            new Newer("target", "mode", 11, "\"SHARED\""));

    /// The first golden log that names the journals before the present one: of an older log they follow from that one.
    private static final int PAST_JOURNALS_SINCE = 10;

    /// An ENI that is being detached names the instance since then: before, its intent alone did.
    private static final int DETACHED_FROM_SINCE = 5;

    private NewerFields() {}

    /// The recorded state, and what the fields that are newer than the log must hold.
    ///
    /// @param records the log up to that state
    static ObjectNode added(GoldenLog log, List<Envelope> records, Stream stream, ObjectNode recorded) {
        var state = recorded.deepCopy();
        if (stream.isNode()) {
            for (var field : OF_NODES) {
                if (log.number() < field.since()) {
                    add(state, field);
                }
            }
            if (log.number() < PAST_JOURNALS_SINCE) {
                state.set("pastJournals", pastJournals(records, stream));
            }
            if (log.number() < DETACHED_FROM_SINCE) {
                addDetachedFrom(state);
            }
        }
        return state;
    }

    private static ArrayNode pastJournals(List<Envelope> records, Stream stream) {
        var past = MAPPER.createArrayNode();
        for (var record : records) {
            boolean isOfAnother = record.event() instanceof NodeEvent.NodeReplaced
                    || record.event() instanceof NodeEvent.NodeRegistered
                    || record.event() instanceof NodeEvent.NodeRetired;
            if (record.stream().equals(stream) && isOfAnother) {
                past.removeAll();
            }
            if (record.stream().equals(stream)
                    && record.event() instanceof NodeEvent.JournalLost lost
                    && !lost.before().equals(lost.now())) {
                past.add(lost.before().value());
            }
        }
        return past;
    }

    private static void add(ObjectNode state, Newer field) {
        JsonNode holder = field.within().isEmpty() ? state : state.path(field.within());
        if (holder.has(field.name())) {
            throw new AssertionError("a log older than " + field.name() + " names it: " + state);
        }
        if (holder instanceof ObjectNode object) {
            object.set(field.name(), parsed(field.before()));
        }
    }

    private static void addDetachedFrom(ObjectNode state) {
        for (var eni : state.path("enis")) {
            if (eni.path("state").asText().equals("DETACHING")) {
                ((ObjectNode) eni).set("from", instanceOf(state, eni.path("id")));
            }
        }
    }

    private static JsonNode instanceOf(ObjectNode state, JsonNode eni) {
        for (var pending : state.path("intents")) {
            var intent = pending.path("intent");
            if (intent.path("type").asText().equals("DetachEni")
                    && intent.path("eni").equals(eni)) {
                return intent.path("instance");
            }
        }
        throw new AssertionError("nothing detaches ENI " + eni + " in " + state);
    }

    private static JsonNode parsed(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
