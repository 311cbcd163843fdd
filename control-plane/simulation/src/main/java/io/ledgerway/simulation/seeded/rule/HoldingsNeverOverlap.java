package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.audit.Holdings;
import io.ledgerway.simulation.seeded.world.ClusterLog;

/// Whoever asks the log later who had an address is told of one pod at a time.
final class HoldingsNeverOverlap extends Rule {

    private static final ClusterId CLUSTER = new ClusterId("simulated");

    HoldingsNeverOverlap() {
        super(26, "in the audit no address has two holders at a time");
    }

    @Override
    public void ended() {
        var holdings = new Holdings();
        for (var entry : world().log().entries()) {
            if (entry.node().isPresent()) {
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

    /// The log hears that an instance was released some time after the cloud has given its addresses away.
    private boolean isReleased(Holdings.Change.InConflict conflict) {
        var first =
                world().log().entries().get((int) conflict.conflict().first().sequence());
        return first.node().filter(world().machines()::wasReleased).isPresent();
    }

    private static Envelope envelope(ClusterLog.Entry entry) {
        return new Envelope(
                CLUSTER,
                Stream.node(entry.node().orElseThrow()),
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
