package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// ADD and DEL while the log is away, and what the log is told afterwards.
class OfflineTest extends OneNode {

    @Test
    void addWhileTheLogIsAwayBindsAndTheLogHearsOfItWithItsTime() throws Exception {
        logIsAway();
        var result = rig.add(pod("a", "s1"));
        assertEquals(null, inLog(pod("a", "s1")));
        rig.await("ready is journalled", () -> rig.journal.backlog() == 2);

        logIsBack();

        assertInstanceOf(Endpoint.Ready.class, inLog(pod("a", "s1")));
        assertInstanceOf(Address.Bound.class, log.node().addresses().get(ip(result)));
    }

    @Test
    void callOfUnknownOutcomeKeepsItsCandidateWhenTheNodeGoesOnAlone() throws Exception {
        fault.set(Fault.ANSWER_LOST);

        var result = rig.add(pod("a", "s1"));

        var inLog = assertInstanceOf(Endpoint.Allocated.class, inLog(pod("a", "s1")));
        assertEquals(List.of(ip(result)), inLog.allocation().addresses());
        logIsBack();
        assertEquals(1, log.node().endpoints().size());
    }

    @Test
    void noPodWaitsTwiceForALogThatIsAway() throws Exception {
        logIsAway();
        int asked = log.commands();

        rig.add(pod("a", "s1"));
        rig.add(pod("b", "s2"));
        rig.calls.delete(pod("b", "s2"));

        assertEquals(asked, log.commands());
    }

    @Test
    void sameSandboxGetsTheSameAnswerWithoutAnEntryAndAnotherOneAnEntry() throws Exception {
        logIsAway();
        var first = rig.add(pod("a", "s1"));
        rig.await("ready is journalled", () -> rig.journal.backlog() == 2);

        var again = rig.add(pod("a", "s1"));
        assertEquals(2, rig.journal.backlog());
        var other = rig.add(pod("a", "s2"));

        assertEquals(ip(first), ip(again));
        assertEquals(ip(first), ip(other));
        rig.await("both are journalled", () -> rig.journal.backlog() == 4);
        logIsBack();
        assertEquals("s2", inLog(pod("a", "s1")).request().sandbox().value());
    }

    @Test
    void podOfTheLogKeepsItsAddressWhileTheLogIsAway() throws Exception {
        var first = addKnown(pod("a", "s1"));
        logIsAway();

        var again = rig.add(pod("a", "s1"));
        var other = rig.add(pod("b", "s2"));

        assertEquals(ip(first), ip(again));
        assertNotEquals(ip(first), ip(other));
        assertEquals(1, count(JournalFact.Bound.class), facts().toString());
    }

    @Test
    void delWhileTheLogIsAwayIsJournalledAndTheAddressRestsByTheNodesClock() throws Exception {
        var result = addKnown(pod("a", "s1"));
        logIsAway();

        rig.calls.delete(pod("a", "s1"));
        rig.calls.delete(pod("a", "s1"));

        rig.await("rested", () -> facts().contains(JournalFact.Cooled.class));
        assertEquals(0, rig.kernel.links().size());
        assertEquals(List.of(JournalFact.Released.class, JournalFact.Removed.class, JournalFact.Cooled.class), facts());
        logIsBack();
        assertEquals(null, inLog(pod("a", "s1")));
        assertInstanceOf(Address.Idle.class, log.node().addresses().get(ip(result)));
    }

    @Test
    void delOfWhatNobodyKnowsHereIsWrittenBecauseTheLogMayHaveQueuedIt() throws Exception {
        logIsAway();

        rig.calls.delete(pod("never", "seen"));

        rig.await("all is said", () -> rig.reports.backlog() == 0);
        assertEquals(List.of(JournalFact.Released.class), facts(), "nothing of it was there, so no end is told");
    }

    @Test
    void lateDelOfAnOlderSandboxFreesNothing() throws Exception {
        logIsAway();
        rig.add(pod("a", "s1"));
        rig.add(pod("a", "s2"));

        rig.calls.delete(pod("a", "s1"));

        assertEquals(1, rig.kernel.links().size());
        logIsBack();
        assertEquals("s2", inLog(pod("a", "s2")).request().sandbox().value());
    }

    @Test
    void addWithoutAFreeAddressIsGivenUpAndJournalled() throws Exception {
        log.openCloud(false);
        logIsAway();
        for (int i = 0; rig.addresses.free() > 0; i++) {
            rig.add(pod("filler-" + i, "f" + i));
        }

        var failure = assertThrows(CallFailed.class, () -> rig.add(pod("late", "s1")));

        assertEquals(Reason.TRY_AGAIN, failure.reason());
        assertThrows(CallFailed.class, () -> rig.add(pod("late", "s1")), "again");
        assertEquals(1, count(JournalFact.Abandoned.class), facts().toString());
        logIsBack();
        assertEquals(null, inLog(pod("late", "s1")));
    }

    @Test
    void addWithoutAnAnswerAndWithoutAFreeAddressIsJournalledOnce() throws Exception {
        log.openCloud(false);
        for (int i = 0; log.node().idle() > 0; i++) {
            rig.add(pod("filler-" + i, "f" + i));
        }
        fault.set(Fault.ANSWER_LOST);

        assertThrows(CallFailed.class, () -> rig.add(pod("late", "s1")));

        assertEquals(1, count(JournalFact.Abandoned.class), facts().toString());
        logIsBack();
        assertEquals(null, inLog(pod("late", "s1")), "the log had queued it");
    }

    @Test
    void addWithoutAFreeAddressIsServedIfTheLogComesBackSoon() throws Exception {
        log.openCloud(false);
        logIsAway();
        for (int i = 0; rig.addresses.free() > 0; i++) {
            rig.add(pod("filler-" + i, "f" + i));
        }
        var late = new FutureTask<>(() -> rig.add(pod("late", "s1")));
        Thread.ofVirtual().start(late);
        rig.await("in turn", () -> rig.calls.busy() > 0);

        log.openCloud(true);
        logIsBack();

        assertEquals(ip(late.get()), ip(rig.add(pod("late", "s1"))));
        assertEquals(0, count(JournalFact.Abandoned.class), facts().toString());
    }

    @Test
    void waitingAddEndsWhenTheLogGoesAway() throws Exception {
        log.openCloud(false);
        for (int i = 0; log.node().idle() > 0; i++) {
            rig.add(pod("filler-" + i, "f" + i));
        }
        var failure = new AtomicReference<Throwable>();
        var waiting = Thread.ofVirtual()
                .start(() -> failure.set(assertThrows(CallFailed.class, () -> rig.add(pod("late", "s1")))));
        rig.await("queued", () -> inLog(pod("late", "s1")) instanceof Endpoint.Queued);

        logIsAway();

        waiting.join();
        assertTrue(
                failure.get().getMessage().contains("no address of this node is free"),
                failure.get().getMessage());
        logIsBack();
        assertEquals(null, inLog(pod("late", "s1")), "the log has cancelled the request");
    }

    @Test
    void restartDuringAnOutageGoesOnFromTheDisk() throws Exception {
        var online = addKnown(pod("online", "s0"));
        logIsAway();
        var first = rig.add(pod("a", "s1"));

        restart();

        var again = rig.add(pod("a", "s1"));
        var other = rig.add(pod("b", "s2"));
        assertEquals(ip(first), ip(again));
        assertNotEquals(ip(first), ip(other));
        assertNotEquals(ip(online), ip(other));
        rig.calls.delete(pod("a", "s1"));
        logIsBack();
        assertInstanceOf(Endpoint.Ready.class, inLog(pod("b", "s2")));
        rig.await("gone", () -> inLog(pod("a", "s1")) == null);
        assertInstanceOf(Endpoint.Ready.class, inLog(pod("online", "s0")));
    }

    @Test
    void releaseThatTheRunBeforeLeftIsFinishedDuringTheSameOutage() throws Exception {
        logIsAway();
        rig.add(pod("a", "s1"));
        rig.kernel.holdDeletions();
        rig.calls.delete(pod("a", "s1"));

        restart();

        rig.await("gone", () -> rig.kernel.links().isEmpty());
    }

    private boolean isAdded(PodCall call) {
        try {
            rig.add(call);
            return true;
        } catch (CallFailed resting) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anotherBootEndsEveryEndpointOfTheOneBefore() throws Exception {
        logIsAway();
        var before = rig.add(pod("a", "s1"));
        rig.close();
        rig = open(rig.disk.afterBoot("boot-2"), Optional.empty());
        rig.connect();

        rig.await("what the boot before may have had has rested", () -> isAdded(pod("b", "s2")));
        assertTrue(
                facts().indexOf(JournalFact.Booted.class) < facts().lastIndexOf(JournalFact.Bound.class),
                facts().toString());
        logIsBack();

        assertEquals(null, inLog(pod("a", "s1")));
        assertInstanceOf(Endpoint.Ready.class, inLog(pod("b", "s2")));
        rig.await("rested", () -> {
            log.coolEverything();
            return !(log.node().addresses().get(ip(before)) instanceof Address.Cooling);
        });
    }

    @Test
    void fullDiskRefusesAddAndDelAndLeavesNothingHalfDone() throws Exception {
        var online = addKnown(pod("online", "s0"));
        logIsAway();
        int free = rig.addresses.free();
        rig.disk.journal().fail("No space left on device", 7, false);

        var add = assertThrows(CallFailed.class, () -> rig.add(pod("a", "s1")));
        var del = assertThrows(CallFailed.class, () -> rig.calls.delete(pod("online", "s0")));

        assertEquals(Reason.TRY_AGAIN, add.reason());
        assertEquals(Reason.TRY_AGAIN, del.reason());
        assertTrue(add.getMessage().contains("No space left on device"), add.getMessage());
        assertEquals(1, rig.kernel.links().size());
        assertEquals(free, rig.addresses.free());
        rig.disk.journal().recover();
        var after = rig.add(pod("a", "s1"));
        assertNotEquals(ip(online), ip(after));
        logIsBack();
        assertInstanceOf(Endpoint.Ready.class, inLog(pod("a", "s1")));
    }

    @Test
    void wishedAddressesAreGivenBackByTheJournalAndNotBoundAgain() throws Exception {
        log.pool(0, 1, Duration.ofMillis(200));

        rig.await("given back", () -> log.node().addresses().size() == 1);

        rig.await("seen", () -> rig.watched.state().covers(log.position()));
        assertEquals(1, rig.addresses.free());
        assertTrue(log.events().stream().anyMatch(NodeEvent.AddressesWithdrawn.class::isInstance));
    }

    /// Without one of the looks that come by themselves.
    @Test
    void wishedAddressesAreGivenBackAsSoonAsTheStateShowsTheWish() throws Exception {
        machine.holdPausesOf("housekeeping");
        restart();
        rig.await("kept in order", rig.kernel::isRecovered);

        log.pool(0, 1, Duration.ofMillis(200));

        rig.await("given back", () -> log.node().addresses().size() == 1);
    }

    @Test
    void wishedAddressesThatCannotBeGivenBackInWritingStayThePods() throws Exception {
        int free = rig.addresses.free();
        rig.disk.journal().fail("No space left on device", 7, false);
        log.pool(0, 1, Duration.ofMillis(200));
        rig.await("tried", () -> rig.journal.isFailing() && rig.addresses.free() == free);

        for (int i = 0; i < free; i++) {
            rig.add(pod("p" + i, "s" + i));
        }

        assertEquals(free, rig.kernel.links().size());
    }

    @Test
    void bindOfAWishedAddressCancelsTheWish() throws Exception {
        fault.set(Fault.LOST);
        log.pool(0, 0, Duration.ofMillis(200));
        rig.await("away", () -> !rig.line.isConnected());
        for (int i = 0; rig.addresses.free() > 0; i++) {
            rig.add(pod("p" + i, "s" + i));
        }

        logIsBack();

        assertEquals(rig.kernel.links().size(), log.node().endpoints().size());
        assertTrue(log.events().stream().anyMatch(NodeEvent.WithdrawalCancelled.class::isInstance));
        assertEquals(List.of(), log.kept());
    }
}
