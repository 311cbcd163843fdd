package io.ledgerway.schemas.golden;

import static io.ledgerway.domain.audit.Json.object;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.OwnershipEvent;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.audit.Json;
import io.ledgerway.domain.audit.LogJournal;
import io.ledgerway.domain.audit.NodeJson;
import io.ledgerway.domain.cluster.Cluster;
import io.ledgerway.domain.cluster.ClusterEvent;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What records fold to, stream by stream.
final class Folded {

    private final Map<Stream, Node> nodes = new LinkedHashMap<>();
    private final Map<Stream, OwnershipEvent.OwnerStarted> owners = new LinkedHashMap<>();
    private Cluster cluster = Cluster.EMPTY;

    void add(Envelope record) {
        switch (record.event()) {
            case NodeEvent e ->
                nodes.put(
                        record.stream(),
                        nodes.getOrDefault(record.stream(), Node.EMPTY).evolve(e));
            case ClusterEvent e -> cluster = cluster.evolve(e);
            case OwnershipEvent.OwnerStarted e -> owners.put(record.stream(), e);
        }
    }

    Node node(Stream stream) {
        return nodes.getOrDefault(stream, Node.EMPTY);
    }

    SequencedMap<String, Object> state(Stream stream) {
        if (stream.isNode()) {
            return NodeJson.of(node(stream));
        }
        var owner = owners.get(stream);
        return owner != null
                ? object("epoch", owner.epoch(), "address", owner.address())
                : object(
                        "cluster", cluster.id(),
                        "partitions", cluster.partitions(),
                        "placements",
                                cluster.placements().entrySet().stream()
                                        .map(entry -> object("stream", entry.getKey(), "partition", entry.getValue()))
                                        .toList());
    }

    /// A line for each holding, assignment and conflict.
    static List<String> intervals(List<Envelope> records) {
        var journal = new LogJournal();
        records.forEach(journal::add);
        var lines = new ArrayList<String>();
        for (var holding : journal.allHoldings()) {
            lines.add(Json.text(object(
                    "held", holding.address(),
                    "by", holding.attachment(),
                    "namespace", holding.namespace(),
                    "podName", holding.podName(),
                    "node", holding.node(),
                    "eni", holding.eni(),
                    "from", holding.from(),
                    "begun", holding.begun(),
                    "to", holding.to(),
                    "ended", holding.end().map(end -> end.position().toString()),
                    "endedBy", holding.end().map(end -> end.reason().name()))));
        }
        for (var assignment : journal.assignments()) {
            lines.add(Json.text(object(
                    "assigned", assignment.address(),
                    "node", assignment.node(),
                    "eni", assignment.eni(),
                    "from", assignment.from(),
                    "begun", assignment.begun(),
                    "to", assignment.end().map(end -> end.at().toString()),
                    "ended", assignment.end().map(end -> end.position().toString()))));
        }
        for (var conflict : journal.conflicts()) {
            lines.add(Json.text(
                    object("conflict", conflict.address(), "first", conflict.first(), "second", conflict.second())));
        }
        return lines;
    }
}
