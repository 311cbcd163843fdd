package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.MemoryState;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.time.Machine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Rule 20: an executor whose disk has nothing, or less than the kernel.
class DiskLostTest extends OneNode {

    private final CountDownLatch compared = new CountDownLatch(1);

    @Test
    void withoutItsDiskTheNodeDoesNothingAloneAndAdoptsWhatItsKernelHas() throws Exception {
        var known = addKnown(pod("known", "s0"));
        logIsAway();
        var unknown = rig.add(pod("unknown", "s1"));
        rig.close();
        rig.disk.journal().lose();
        restart();
        assertEquals(
                Reason.TRY_AGAIN,
                assertThrows(CallFailed.class, () -> rig.add(pod("b", "s2"))).reason());

        fault.set(Fault.NONE);

        rig.await("adopted", () -> inLog(pod("unknown", "s1")) instanceof Endpoint.Ready);
        assertInstanceOf(Address.Bound.class, log.node().addresses().get(ip(unknown)));
        var other = rig.add(pod("b", "s2"));
        assertNotEquals(ip(unknown), ip(other));
        assertNotEquals(ip(known), ip(other));
    }

    @Test
    void whatTheKernelHasNotAnyMoreEndsInTheLogBeforeAnythingIsProposed() throws Exception {
        var gone = addKnown(pod("gone", "s0"));
        var alive = addKnown(pod("alive", "s1"));
        rig.close();
        rig.kernel.breakLink(Specs.key(pod("gone", "s0").attachment()));
        rig.disk.journal().lose();
        restart();

        var next = rig.add(pod("next", "s2"));

        assertEquals(null, inLog(pod("gone", "s0")));
        assertInstanceOf(Endpoint.Ready.class, inLog(pod("alive", "s1")));
        assertNotEquals(ip(gone), ip(next));
        assertNotEquals(ip(alive), ip(next));
        var events = log.events();
        assertTrue(events.stream().map(Object::getClass).toList().indexOf(NodeEvent.EndpointRemoved.class)
                < events.stream().map(Object::getClass).toList().lastIndexOf(NodeEvent.IpAllocated.class));
    }

    /// A journal that has lost entries cannot be told of the boot; the node came back for good only when it could.
    @Test
    void aBootAfterEntriesWereLostHoldsNothingUp() throws Exception {
        addKnown(pod("gone", "s0"));
        logIsAway();
        rig.add(pod("alone", "s1"));
        rig.close();
        var disk = rig.disk.afterBoot("boot-2");
        Journal.open(disk.journal(), TestLog.NODE, rig.disk.boot(), new Machine())
                .hasLostEntries("the test says so");
        rig = open(disk, Optional.empty());
        rig.connect();

        fault.set(Fault.DRAINS_WAIT);
        rig.await("there", rig.line::isConnected);
        awaitSeen();
        beforeEachAnswer = this::isShownAsLateAsPossible;
        fault.set(Fault.NONE);

        rig.await("compared", () -> rig.journal.isComplete() && !rig.journal.isLossy());
        rig.await("ended", () -> log.node().endpoints().isEmpty());
        rig.add(pod("next", "s2"));
    }

    /// What the log was told shows to the node only when the log was told of the kernel, or when that has waited.
    private void isShownAsLateAsPossible() {
        var thread = Thread.currentThread().getName();
        if (thread.contains("housekeeping")) {
            compared.countDown();
        }
        if (thread.contains("connection")
                && log.events().stream().anyMatch(NodeEvent.JournalDrained.class::isInstance)) {
            assertDoesNotThrow(() -> compared.await(300, TimeUnit.MILLISECONDS));
        }
    }

    /// State and journal are from before the pod, and the log is away: only the kernel knows.
    @Test
    void whatTheKernelHoldsIsNobodyElsesThoughTheDiskIsOlder() throws Exception {
        rig.close();
        var oldState = rig.disk.state().load().orElseThrow();
        var oldJournal = rig.disk.journal().read().orElseThrow();
        restart();
        rig.await("connected", () -> rig.watched.state().covers(log.position()));
        var held = addKnown(pod("held", "s0"));
        logIsAway();
        rig.close();
        var state = new MemoryState();
        state.save(oldState);
        rig.disk.journal().set(oldJournal);
        rig = open(new Rig.Disk(rig.disk.journal(), state, rig.disk.boot()), Optional.of(rig.kernel));
        rig.connect();

        for (int i = 0; rig.addresses.free() > 0; i++) {
            assertNotEquals(ip(held), ip(rig.add(pod("p" + i, "s" + i))));
        }
        assertThrows(CallFailed.class, () -> rig.add(pod("late", "s"), Duration.ofMillis(300)));
        assertEquals(ip(held), ip(rig.add(pod("held", "s0"))));
    }

    /// The log knows nothing of the pod when it is asked, and has adopted it when the kernel gets rid of it.
    @Test
    void delThatIsDecidedBeforeTheLogHearsOfTheKernelIsDecidedAgainAfterwards() throws Exception {
        logIsAway();
        rig.add(pod("unknown", "s1"));
        rig.close();
        rig.disk.journal().lose();
        var compares = new CountDownLatch(1);
        var decided = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        steps = step -> {
            if (step == Steps.Step.DEL_DECIDED) {
                decided.countDown();
            }
        };
        beforeEachAnswer = () -> {
            if (Thread.currentThread().getName().contains("housekeeping")) {
                compares.countDown();
                awaitUninterruptibly(goOn);
            }
        };
        fault.set(Fault.NONE);
        restart();
        awaitUninterruptibly(compares);

        var deletion =
                CompletableFuture.runAsync(() -> assertDoesNotThrow(() -> rig.calls.delete(pod("unknown", "s1"))));
        awaitUninterruptibly(decided);
        goOn.countDown();
        deletion.get(20, TimeUnit.SECONDS);

        rig.await("gone", () -> rig.kernel.links().isEmpty() && inLog(pod("unknown", "s1")) == null);
        assertTrue(log.events().stream().anyMatch(NodeEvent.EndpointAdopted.class::isInstance));
    }

    @Test
    void withoutItsDiskTheNodeEndsNoRestAlone() throws Exception {
        addKnown(pod("gone", "s0"));
        rig.calls.delete(pod("gone", "s0"));
        rig.await("gone", () -> inLog(pod("gone", "s0")) == null);
        logIsAway();
        rig.close();
        rig.disk.journal().lose();
        rig = open(rig.disk, Optional.of(rig.kernel));
        machine.letPass(COOL_DOWN);

        assertTrue(rig.calls.endRests());

        assertTrue(rig.journal.entries().stream()
                .noneMatch(entry -> entry.fact() instanceof JournalFact.Cooled cooled
                        && !cooled.addresses().isEmpty()));
    }

    /// The state becomes current once, before the comparison, which has to be made twice.
    @Test
    void releaseThatTheExecutorBeforeLeftIsFinishedThoughTheFirstComparisonHasNoAnswer() throws Exception {
        addKnown(pod("a", "s1"));
        rig.close();
        log.release("uid-a", "s1");
        rig.disk.journal().lose();
        var isCompared = new AtomicBoolean();
        beforeEachAnswer = () -> {
            var asks = Thread.currentThread().getName();
            if (asks.equals("housekeeping") && isCompared.compareAndSet(false, true)) {
                fault.set(Fault.CALL_LOST);
            } else if (asks.equals("returning")) {
                fault.set(Fault.NONE);
            }
        };

        restart();

        rig.await("gone", () -> rig.kernel.links().isEmpty() && inLog(pod("a", "s1")) == null);
        assertTrue(isCompared.get());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        assertDoesNotThrow(() -> assertTrue(latch.await(20, TimeUnit.SECONDS)));
    }
}
