package io.ledgerway.simulation.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.audit.Json;
import io.ledgerway.domain.audit.NodeJson;
import io.ledgerway.domain.audit.StateDigest;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Compares what a running control plane says of its nodes with a fold of the log that nobody else has made.
final class Comparison {

    /// Differences that are listed; beyond them only their number is told.
    static final int MOST_LISTED = 50;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ReplayedLog log;
    private final List<String> differences = new ArrayList<>();
    private int nodes;

    Comparison(ReplayedLog log) {
        this.log = log;
    }

    List<String> differences() {
        return differences;
    }

    int nodes() {
        return nodes;
    }

    /// @param live `/v1/audit/nodes/{name}/state` of every node
    void compareNodes(List<JsonNode> live) {
        var unseen = new TreeSet<>(registered());
        for (var answer : live) {
            nodes++;
            var name = answer.path("name").asText();
            unseen.remove(name);
            int partition = answer.path("position").path("partition").asInt();
            long sequence = answer.path("position").path("sequence").asLong();
            if (partition >= log.partitions().size()
                    || sequence >= log.partitions().get(partition).size()) {
                differ("node " + name + " is live at " + partition + ":" + sequence + ", which the log does not have");
                continue;
            }
            var folded = fold(name, partition, sequence);
            if (!StateDigest.of(folded).equals(answer.path("digest").asText())) {
                compareFields("node " + name + " at " + partition + ":" + sequence, tree(folded), answer.path("state"));
            }
        }
        unseen.forEach(name -> differ("node " + name + " is in the log and not live"));
    }

    private Node fold(String name, int partition, long sequence) {
        var node = Node.EMPTY;
        for (var record : log.partitions().get(partition).subList(0, (int) sequence + 1)) {
            if (record.stream().name().equals("node/" + name) && record.event() instanceof NodeEvent event) {
                node = node.evolve(event);
            }
        }
        return node;
    }

    private List<String> registered() {
        return log.partitions().stream()
                .flatMap(List::stream)
                .filter(record -> record.event() instanceof NodeEvent.NodeRegistered)
                .map(Envelope::stream)
                .map(Stream::node)
                .map(Object::toString)
                .distinct()
                .toList();
    }

    private void compareFields(String what, JsonNode folded, JsonNode live) {
        int before = differences.size();
        var fields = new TreeSet<String>();
        folded.fieldNames().forEachRemaining(fields::add);
        live.fieldNames().forEachRemaining(fields::add);
        for (var field : fields) {
            if (!folded.path(field).equals(live.path(field))) {
                differ(what + ", " + field + ": the log makes it " + folded.path(field) + ", live it is "
                        + live.path(field));
            }
        }
        if (differences.size() == before) {
            differ(what + " has another digest with equal fields");
        }
    }

    private static JsonNode tree(Node node) {
        try {
            return MAPPER.readTree(Json.text(NodeJson.of(node)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void differ(String difference) {
        differences.add(difference);
    }
}
