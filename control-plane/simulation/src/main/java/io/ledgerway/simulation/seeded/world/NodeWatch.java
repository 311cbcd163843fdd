package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.server.run.CommittedNode;
import io.ledgerway.simulation.seeded.schedule.Process;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A replica's end of one node's watch: the whole state first, then what differs from the state that was
/// sent last.
final class NodeWatch {

    /// Between two messages: what is committed meanwhile shares the next one.
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(20);

    /// The node's end of it.
    interface Sink {
        /// False for one that is open already.
        ///
        /// @param by the process at this end
        /// @param ended done there once it is known that nobody reads any more
        boolean open(Process by, Runnable ended);

        void send(StateChange change);

        void end(Unanswered.Kind kind, String why);
    }

    private final Incarnation asks;
    private final Process process;
    private final Sink sink;
    private final boolean isLying;
    private CommittedNode sent;
    private long sentAt;
    private boolean woken;

    /// @param isLying about what pods have
    NodeWatch(Incarnation asks, Process process, Sink sink, boolean isLying) {
        this.isLying = isLying;
        this.asks = asks;
        this.process = process;
        this.sink = sink;
        this.sentAt = -SHORTEST_INTERVAL.toNanos();
    }

    NodeName node() {
        return asks.node();
    }

    /// Rule 1: what the node has now is no business of an instance that had its name before.
    static boolean isRefused(Node node, Incarnation asks) {
        return node.incarnation().filter(known -> !known.equals(asks)).isPresent()
                || node.standing() instanceof Standing.Retired;
    }

    void refuse() {
        sink.end(
                Unanswered.Kind.REFUSED, asks.node() + " is another instance than " + asks.instance() + ", or retired");
    }

    boolean isTo(Sink other) {
        return sink == other;
    }

    void end(String why) {
        sink.end(Unanswered.Kind.AWAY, why);
    }

    void wake(ReplicaLog log) {
        if (woken) {
            return;
        }
        woken = true;
        long left = SHORTEST_INTERVAL.toNanos() - (process.scheduler().now() - sentAt);
        process.in(Duration.ofNanos(Math.max(0, left)), () -> {
            woken = false;
            if (log.isServing()) {
                send(log.node(asks.node()));
            }
        });
    }

    private void send(CommittedNode newest) {
        if (isRefused(newest.state(), asks)) {
            refuse();
            return;
        }
        if (sent == null) {
            next(difference(Node.EMPTY, newest, true));
        } else if (newest.position().sequence() > sent.position().sequence()) {
            next(difference(sent.state(), newest, false));
        }
        sent = newest;
    }

    private void next(StateChange change) {
        sentAt = process.scheduler().now();
        sink.send(change);
    }

    private StateChange difference(Node before, CommittedNode newest, boolean whole) {
        var after = newest.state();
        var addresses = new LinkedHashMap<>(changed(before.addresses(), after.addresses()));
        if (isLying) {
            addresses.replaceAll(
                    (ip, address) -> address instanceof Address.Bound bound ? new Address.Idle(bound.eni()) : address);
        }
        List<Endpoint> endpoints =
                new ArrayList<>(changed(before.endpoints(), after.endpoints()).values());
        List<AttachmentId> removed = gone(before.endpoints(), after.endpoints());
        return new StateChange(
                NodeLink.position(newest.position()),
                whole,
                List.copyOf(changed(before.enis(), after.enis()).values()),
                gone(before.enis(), after.enis()),
                addresses,
                gone(before.addresses(), after.addresses()),
                endpoints,
                removed,
                List.copyOf(changed(before.vSwitches(), after.vSwitches()).values()),
                before.target().equals(after.target()) ? Optional.empty() : after.target());
    }

    private static <K, V> Map<K, V> changed(Map<K, V> before, Map<K, V> after) {
        var changed = new LinkedHashMap<K, V>();
        after.forEach((key, value) -> {
            var known = before.get(key);
            if (known != value && !value.equals(known)) {
                changed.put(key, value);
            }
        });
        return changed;
    }

    private static <K, V> List<K> gone(Map<K, V> before, Map<K, V> after) {
        return before.keySet().stream().filter(key -> !after.containsKey(key)).toList();
    }
}
