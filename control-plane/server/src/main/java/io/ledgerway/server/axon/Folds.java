package io.ledgerway.server.axon;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Decision;
import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.OwnershipEvent;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cluster.Cluster;
import io.ledgerway.domain.cluster.ClusterCommand;
import io.ledgerway.domain.cluster.ClusterEvent;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeDecider;
import io.ledgerway.domain.node.NodeEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The folded state of every stream of a partition, twice: as far as events are accepted, for deciding, and
/// as far as they are committed, for reading. The values are immutable, so the two share them. Dies with
/// its engine.
final class Folds {

    private final Map<Stream, State> accepted = new ConcurrentHashMap<>();
    private final Map<Stream, State> committed = new ConcurrentHashMap<>();

    /// @param next the sequence after the last record that is folded in
    record State(Object value, long next) {}

    State accepted(Stream stream) {
        var state = accepted.get(stream);
        return state == null ? new State(empty(stream), 0) : state;
    }

    State committed(Stream stream) {
        var state = committed.get(stream);
        return state == null ? new State(empty(stream), 0) : state;
    }

    /// The streams of which anything is committed.
    List<Stream> streams() {
        return List.copyOf(committed.keySet());
    }

    void replayed(Envelope envelope) {
        var step = prepare(List.of(envelope));
        step.accepted();
        step.committed();
    }

    EventFormat.Step prepare(List<Envelope> envelopes) {
        var changes = new LinkedHashMap<Stream, State>(2);
        for (var envelope : envelopes) {
            var before = changes.get(envelope.stream());
            if (before == null) {
                before = accepted(envelope.stream());
            }
            changes.put(envelope.stream(), new State(evolve(before.value, envelope.event()), envelope.sequence() + 1));
        }
        return new EventFormat.Step() {
            @Override
            public void accepted() {
                accepted.putAll(changes);
            }

            @Override
            public void committed() {
                committed.putAll(changes);
            }
        };
    }

    static Object evolve(Object state, DomainEvent event) {
        return switch (event) {
            case NodeEvent e -> ((Node) state).evolve(e);
            case ClusterEvent e -> ((Cluster) state).evolve(e);
            case OwnershipEvent e -> ((Owner) state).evolve(e);
        };
    }

    static Decision<? extends DomainEvent, ?> decide(Object state, Command command) {
        return switch (command) {
            case NodeCommand c -> NodeDecider.decide((Node) state, c);
            case ClusterCommand c -> ((Cluster) state).decide(c);
        };
    }

    private static Object empty(Stream stream) {
        if (stream.isNode()) {
            return Node.EMPTY;
        }
        return stream.equals(Stream.CLUSTER) ? Cluster.EMPTY : Owner.NOBODY;
    }
}
