package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.MemoryState;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.StateFile;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rule 9 where entries of the journal are lost: a pod that only those knew may have had whatever looks free.
class HeldBackTest extends OneNode {

    private static final int INTO_AN_ENTRY = 12;

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("killed by the test", null, false, false);
        }
    }

    /// The pod came and went while the node was alone, and all of that is cut off.
    private void cutOffAll(int whole) throws Exception {
        rig.close();
        var bytes = rig.disk.journal().read().orElseThrow();
        rig.disk.journal().set(Arrays.copyOf(bytes, whole + INTO_AN_ENTRY));
        rig = open(rig.disk, Optional.of(rig.kernel));
    }

    @Test
    void whatLooksFreeRestsAloneWhenEntriesWereCutOff() throws Exception {
        logIsAway();
        int whole = rig.disk.journal().read().orElseThrow().length;
        rig.add(pod("gone", "s1"));
        rig.calls.delete(pod("gone", "s1"));
        rig.await("gone", () -> count(JournalFact.Removed.class) == 1);
        long begun = machine.nanoTime();
        cutOffAll(whole);

        assertEquals(0, rig.addresses.free());
        rig.connect();
        rig.await("rested", () -> rig.addresses.free() > 0);
        assertTrue(machine.nanoTime() - begun >= COOL_DOWN.toNanos());
        rig.add(pod("next", "s2"));
        fault.set(Fault.NONE);
        rig.await("ready", () -> inLog(pod("next", "s2")) instanceof Endpoint.Ready);
        rig.await("held back", () -> log.events().stream().anyMatch(NodeEvent.AddressesHeldBack.class::isInstance));
    }

    /// A state from before the loss is on disk, and the journal that told the rest is over.
    @Test
    void whatLooksFreeOnAStateFromBeforeTheLossIsNotBoundAlone() throws Exception {
        logIsAway();
        int whole = rig.disk.journal().read().orElseThrow().length;
        rig.add(pod("gone", "s1"));
        cutOffAll(whole);
        // From here on no state is saved, as if the process ended before it came to that.
        var old = rig.disk.state().load();
        var stuck = new MemoryState() {
            @Override
            public synchronized void save(StateFile.Contents contents) {
                throw new Killed();
            }

            @Override
            public synchronized Optional<StateFile.Contents> load() {
                return old;
            }
        };
        rig.close();
        rig = open(new Rig.Disk(rig.disk.journal(), stuck, rig.disk.boot()), Optional.of(rig.kernel));
        rig.connect();
        fault.set(Fault.NONE);
        rig.await("compared", () -> rig.journal.isComplete() && !rig.journal.isLossy());
        logIsAway();
        restart();

        assertEquals(0, rig.addresses.free());
        assertFalse(rig.journal.isComplete());
    }

    @Test
    void whatIsComparedIsKnownToTheNextProcessOnceItIsSaved() throws Exception {
        addKnown(pod("stays", "s0"));
        rig.close();
        rig.disk.journal().lose();
        rig = open(rig.disk, Optional.of(rig.kernel)).connect();
        rig.await("compared", rig.journal::isComplete);
        rig.await("saved", () -> !rig.journal.isComparisonUnsaved());
        logIsAway();
        restart();

        assertTrue(rig.journal.isComplete());
    }

    @Test
    void whatLooksFreeOnAnOldStateWaitsForTheLogThatLetsItRest() throws Exception {
        addKnown(pod("stays", "s0"));
        rig.close();
        rig.disk.journal().lose();
        rig = open(rig.disk, Optional.of(rig.kernel));

        assertEquals(0, rig.addresses.free());
        rig.connect();
        rig.add(pod("next", "s2"));

        var heldBack = log.events().stream()
                .filter(NodeEvent.AddressesHeldBack.class::isInstance)
                .findFirst();
        assertTrue(heldBack.isPresent());
        assertInstanceOf(Endpoint.Ready.class, inLog(pod("stays", "s0")));
        awaitSeen();
        rig.await("free again", () -> rig.addresses.free() > 0);
    }
}
