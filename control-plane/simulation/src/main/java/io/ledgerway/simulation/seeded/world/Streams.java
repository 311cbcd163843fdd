package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.server.run.LogUnavailable;
import io.ledgerway.server.run.Presence;
import io.ledgerway.simulation.seeded.schedule.Process;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The watches that are open at one run of a replica, as the node API has them: who has one counts as connected, until
/// its end is known here.
final class Streams {

    private final Process process;
    private final ReplicaLog log;
    private final Presence presence;
    private final boolean isLying;
    private final List<NodeWatch> open = new ArrayList<>();

    /// @param isLying about what pods have
    Streams(Process process, ReplicaLog log, Presence presence, boolean isLying) {
        this.process = process;
        this.log = log;
        this.presence = presence;
        this.isLying = isLying;
    }

    void open(Incarnation asks, Optional<Position> after, NodeWatch.Sink sink) {
        var watch = new NodeWatch(asks, process, sink, isLying);
        if (!sink.open(process, () -> remove(watch)) || isRefused(watch, asks, after)) {
            return;
        }
        open.add(watch);
        presence.opened(watch.node());
        watch.wake(log);
    }

    private boolean isRefused(NodeWatch watch, Incarnation asks, Optional<Position> after) {
        try {
            var known = log.node(asks.node());
            if (NodeWatch.isRefused(known.state(), asks)) {
                watch.refuse();
                return true;
            }
            var here = known.position();
            boolean isOlder = after.filter(seen -> seen.epoch() > here.epoch() || seen.sequence() > here.sequence())
                    .isPresent();
            if (isOlder) {
                watch.end("the node has seen " + after + ", this replica " + here);
            }
            return isOlder;
        } catch (LogUnavailable e) {
            watch.end(e.getMessage());
            return true;
        }
    }

    private void remove(NodeWatch watch) {
        if (open.remove(watch)) {
            presence.closed(watch.node());
        }
    }

    /// There may be something to tell the node.
    void changed(NodeName node) {
        for (var watch : open) {
            if (watch.node().equals(node)) {
                watch.wake(log);
            }
        }
    }

    void endAll(String why) {
        for (var watch : List.copyOf(open)) {
            watch.end(why);
            remove(watch);
        }
    }

    boolean has(NodeWatch.Sink sink) {
        return open.stream().anyMatch(watch -> watch.isTo(sink));
    }
}
