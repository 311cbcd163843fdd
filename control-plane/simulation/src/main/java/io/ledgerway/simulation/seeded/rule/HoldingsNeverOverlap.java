package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.audit.Holdings;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Whoever asks the log later who had an address is told of one pod at a time.
final class HoldingsNeverOverlap extends Rule {

    private static final ClusterId CLUSTER = new ClusterId("simulated");

    /// Which instance had the name of the node that a record speaks of, by the sequence of the record.
    private final Map<Long, InstanceId> instances = new HashMap<>();

    HoldingsNeverOverlap() {
        super(26, "in the audit no address has two holders at a time");
    }

    @Override
    public void ended() {
        var holdings = new Holdings();
        Map<NodeName, InstanceId> present = new HashMap<>();
        for (var entry : world().log().entries()) {
            if (entry.node().isPresent()) {
                incarnation(entry).ifPresent(now -> present.put(now.node(), now.instance()));
                Optional.ofNullable(present.get(entry.node().get()))
                        .ifPresent(instance -> instances.put(entry.sequence(), instance));
                for (var change : holdings.apply(envelope(entry))) {
                    if (change instanceof Holdings.Change.Began) {
                        meet();
                    }
                    require(
                            !(change instanceof Holdings.Change.InConflict conflict) || isReleased(conflict),
                            () -> change + " at record " + entry.sequence() + ": " + entry.event());
                }
            }
        }
    }

    private static Optional<Incarnation> incarnation(ClusterLog.Entry entry) {
        return switch (entry.event()) {
            case NodeEvent.NodeRegistered registered -> Optional.of(registered.incarnation());
            case NodeEvent.NodeReplaced replaced -> Optional.of(replaced.now());
            default -> Optional.empty();
        };
    }

    /// The log hears that an instance was released some time after the cloud has given its addresses away. Until
    /// then it may also grant them again to pods that wait on that instance, where nobody is left to hear of it:
    /// that holding is the second one.
    private boolean isReleased(Holdings.Change.InConflict conflict) {
        long first = conflict.conflict().first().sequence();
        long second = conflict.conflict().second().sequence();
        long overlaps = world().log().entries().get((int) second).decidedNanos();
        return Stream.of(first, second)
                .map(instances::get)
                .anyMatch(instance -> world().machines().wasReleasedBefore(instance, overlaps));
    }

    private static Envelope envelope(ClusterLog.Entry entry) {
        return new Envelope(
                CLUSTER,
                io.ledgerway.domain.Stream.node(entry.node().orElseThrow()),
                0,
                entry.sequence(),
                new EventId("e-" + entry.sequence()),
                entry.header().id(),
                entry.header().correlation(),
                entry.header().actor(),
                entry.validFrom(),
                entry.recordedAt(),
                entry.header().cloudRequestId(),
                Envelope.SCHEMA_VERSION,
                Envelope.Hash.NONE,
                entry.event());
    }
}
