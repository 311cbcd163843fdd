package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.node.MemoryState;
import io.ledgerway.node.controlplane.StateFile;
import io.ledgerway.node.controlplane.Steps;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A run that begins with entries of the journal that the log has heard long ago, and with no newer state on disk.
class OldEntriesTest extends OneNode {

    private static final Duration A_MOMENT = Duration.ofMillis(200);

    /// As if its disk were full.
    private static final class NeverSaved extends MemoryState {
        @Override
        public synchronized void save(StateFile.Contents contents) {
            throw new IllegalStateException("No space left on device");
        }
    }

    @Test
    void podThatOldEntriesHideFromTheStateIsReportedOnceTheStateShowsThem() throws Exception {
        rig.close();
        rig = open(new Rig.Disk(rig.disk.journal(), new NeverSaved(), rig.disk.boot()), Optional.of(rig.kernel));
        rig.connect();
        rig.await("addresses", () -> rig.addresses.free() == 3);
        logIsAway();
        rig.add(pod("a", "s0"));
        rig.calls.delete(pod("a", "s0"));
        rig.await("gone", () -> count(JournalFact.Removed.class) == 1);
        logIsBack();
        rig.kernel.beforeAnswering(rig.reports::close);
        rig.add(pod("a", "s1"));
        assertInstanceOf(Endpoint.Allocated.class, inLog(pod("a", "s1")));
        rig.close();

        rig = new Rig(controlPlane, rig.disk, this::letTheStateComeFirst, Optional.of(rig.kernel), machine, () -> {});
        rig.agent.serve();
        rig.agent.connect();

        rig.await("ready", () -> inLog(pod("a", "s1")) instanceof Endpoint.Ready);
    }

    /// The log has the node's state out before it answers that it has the journal.
    private void letTheStateComeFirst(Steps.Step step) {
        if (step == Steps.Step.DRAIN_BATCH_TAKEN) {
            try {
                awaitSeen();
                rig.watched.await(state -> Optional.<Boolean>empty(), A_MOMENT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
