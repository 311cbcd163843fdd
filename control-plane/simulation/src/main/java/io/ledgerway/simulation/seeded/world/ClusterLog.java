package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.OwnershipEvent.OwnerStarted;
import io.ledgerway.domain.cluster.ClusterEvent;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One partition as a broker keeps it: records in order, and the one producer that may append. What it
/// folds to is worked out here too, for those who check.
public final class ClusterLog {

    /// @param node whose stream it is on; none for what an owner says of itself
    /// @param command what was decided; none for what an owner says of itself
    /// @param decidedNanos when, in true time
    public record Entry(
            long sequence,
            Optional<NodeName> node,
            DomainEvent event,
            Header header,
            Optional<NodeCommand> command,
            Instant validFrom,
            Instant recordedAt,
            long decidedNanos) {}

    /// Told of every record once it is durable.
    public interface Reader {
        void appended(Entry entry, Node before, Node after);

        /// Before what is durable now is folded.
        void appending(Entry entry, NodeEvent event, Node before);

        /// An owner says that it has taken over.
        void owned(Entry entry, OwnerStarted by);
    }

    public enum Commit {
        DONE,
        /// Another producer has taken over.
        FENCED,
        AWAY
    }

    private final List<Entry> entries = new ArrayList<>();
    private final SequencedMap<NodeName, Node> nodes = new LinkedHashMap<>();
    private final Reader reader;
    private long producer;
    private long epoch;
    private boolean reachable = true;

    /// Before the latest batch.
    private Map<NodeName, Node> nodesBefore = Map.of();

    private int sizeBefore;

    public ClusterLog(Reader reader) {
        this.reader = reader;
    }

    public boolean isReachable() {
        return reachable;
    }

    public void reachable(boolean now) {
        reachable = now;
    }

    /// Ends whatever the producers before have begun.
    long fence() {
        return ++producer;
    }

    long producer() {
        return producer;
    }

    /// All of the batch or nothing.
    Commit commit(long by, List<Entry> batch) {
        if (!reachable) {
            return Commit.AWAY;
        }
        if (by != producer) {
            return Commit.FENCED;
        }
        nodesBefore = new LinkedHashMap<>(nodes);
        sizeBefore = entries.size();
        for (var entry : batch) {
            append(entry);
        }
        return Commit.DONE;
    }

    /// The node as a record of the latest batch left it, or the last one before that.
    ///
    /// @return empty if the record is older than that, or not durable
    public Optional<Node> node(NodeName name, long sequence) {
        if (sequence < sizeBefore - 1 || sequence >= entries.size()) {
            return Optional.empty();
        }
        var node = nodesBefore.getOrDefault(name, Node.EMPTY);
        for (var entry : entries.subList(sizeBefore, (int) sequence + 1)) {
            if (entry.node().equals(Optional.of(name)) && entry.event() instanceof NodeEvent event) {
                node = node.evolve(event);
            }
        }
        return Optional.of(node);
    }

    private void append(Entry entry) {
        if (entry.sequence() != entries.size()) {
            throw new IllegalStateException("record " + entry + " comes after " + entries.size() + " others");
        }
        entries.add(entry);
        switch (entry.event()) {
            case OwnerStarted started -> {
                epoch = started.epoch();
                reader.owned(entry, started);
            }
            case NodeEvent event -> {
                var before = node(entry.node().orElseThrow());
                reader.appending(entry, event, before);
                var after = before.evolve(event);
                nodes.put(entry.node().get(), after);
                reader.appended(entry, before, after);
            }
            case ClusterEvent event -> throw new IllegalStateException("nobody here says " + event);
        }
    }

    public long epoch() {
        return epoch;
    }

    /// Whether a pod has an address of this ENI.
    public boolean isHeld(String eni) {
        return nodes.values().stream()
                .flatMap(node -> node.addresses().values().stream())
                .anyMatch(address -> address instanceof Address.Bound bound
                        && bound.eni().value().equals(eni));
    }

    public int size() {
        return entries.size();
    }

    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    public Node node(NodeName name) {
        return nodes.getOrDefault(name, Node.EMPTY);
    }

    public Map<NodeName, Node> nodes() {
        return Collections.unmodifiableMap(nodes);
    }
}
