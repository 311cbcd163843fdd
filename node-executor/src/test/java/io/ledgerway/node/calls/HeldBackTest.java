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
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.StateFile;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
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

    /// A process without a journal, whose pauses between two savings do not end by themselves: what is compared has to
    /// be saved at once.
    private CountingState comparesWithoutPauses() throws Exception {
        addKnown(pod("stays", "s0"));
        rig.close();
        rig.disk.journal().lose();
        machine.holdPausesOf("state-file");
        var state = new CountingState();
        rig = open(new Rig.Disk(rig.disk.journal(), state, rig.disk.boot()), Optional.of(rig.kernel));
        return state;
    }

    private static final class CountingState extends MemoryState {
        private final AtomicInteger savings = new AtomicInteger();

        @Override
        public synchronized void save(StateFile.Contents contents) {
            super.save(contents);
            savings.incrementAndGet();
        }

        void await(int all) {
            while (savings.get() < all && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        }
    }

    private void assertKnownToTheNextProcess() throws InterruptedException {
        rig.await("saved", () -> rig.journal.isComplete() && !rig.journal.isComparisonUnsaved());
        logIsAway();
        restart();

        assertTrue(rig.journal.isComplete());
    }

    @Test
    void whatIsComparedIsSavedAtOnceWhereTheStateShowsItAfterTheAnswer() throws Exception {
        var state = comparesWithoutPauses();
        var isAsked = new AtomicBoolean();
        beforeEachAnswer = () -> {
            if (Thread.currentThread().getName().equals("housekeeping")) {
                state.await(1);
                isAsked.set(true);
            } else if (isAsked.get() && Thread.currentThread().getName().equals("connection")) {
                state.await(2);
            }
        };

        rig.connect();

        assertKnownToTheNextProcess();
    }

    @Test
    void whatIsComparedIsSavedAtOnceWhereTheStateShowsItBeforeTheAnswer() throws Exception {
        var state = comparesWithoutPauses();
        var isAsked = new AtomicBoolean();
        beforeEachAnswer = () -> {
            if (Thread.currentThread().getName().equals("housekeeping") && isAsked.compareAndSet(false, true)) {
                state.await(1);
                // Told behind the executor's own watch, and before whoever asks is answered.
                log.watch(Optional.empty(), this::awaitSeenByWhoCompares);
            }
        };

        rig.connect();

        assertKnownToTheNextProcess();
    }

    private void awaitSeenByWhoCompares(StateChange change) {
        while (Thread.currentThread().getName().equals("housekeeping")
                && !rig.watched.state().covers(change.position())
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
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
