package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.node.endpoint.EndpointSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallsTest {

    private final TestLog log = new TestLog();
    private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
    private final Rig rig = new Rig(new DirectControlPlane(log, fault::get));

    @BeforeEach
    void connect() throws InterruptedException {
        rig.connect();
        rig.await("registered", () -> rig.journal.isComplete());
        log.configure(2, 2, 4, Duration.ofSeconds(30));
        rig.await("addresses", () -> rig.addresses.free() >= 2);
    }

    @AfterEach
    void close() {
        rig.close();
        assertEquals(List.of(), rig.kernel.violations());
    }

    private Endpoint inLog(PodCall call) {
        return log.node().endpoint(call.attachment()).orElse(null);
    }

    private Address addressInLog(EndpointResult result) {
        return log.node()
                .addresses()
                .get(new IpAddress(result.addresses().getFirst().getHostAddress()));
    }

    private CompletableFuture<EndpointResult> addLater(PodCall call) {
        var result = new CompletableFuture<EndpointResult>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(rig.add(call));
            } catch (CallFailed | InterruptedException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /// Pods until the log has nothing idle and the cloud gives nothing more.
    private void exhaust() throws Exception {
        log.openCloud(false);
        for (int i = 0; log.node().idle() > 0; i++) {
            rig.add(pod("filler-" + i, "f" + i));
        }
    }

    @Test
    void addIsDecidedThenBuiltThenReportedReady() throws Exception {
        var result = rig.add(pod("a", "s1"));

        assertInstanceOf(Address.Bound.class, addressInLog(result));
        assertEquals(1, rig.kernel.links().size());
        rig.await("ready", () -> inLog(pod("a", "s1")) instanceof Endpoint.Ready);
    }

    @Test
    void retriedAddReturnsTheSameAddressAndLeavesNoEvent() throws Exception {
        var first = rig.add(pod("a", "s1"));
        rig.await("ready", () -> inLog(pod("a", "s1")) instanceof Endpoint.Ready);
        rig.await("seen", () -> rig.watched.state().covers(log.position()) && rig.reports.backlog() == 0);
        var before = log.position();
        int asked = log.commands();

        var second = rig.add(pod("a", "s1"));

        assertEquals(first.addresses(), second.addresses());
        rig.await("all is said", () -> rig.reports.backlog() == 0);
        assertEquals(before, log.position());
        assertEquals(asked + 1, log.commands(), "what the log knows to be ready is not reported again");
    }

    @Test
    void retriedAddBuildsAgainWhatTheKernelHasLost() throws Exception {
        rig.add(pod("a", "s1"));
        rig.kernel.breakLink(Specs.key(pod("a", "s1").attachment()));

        rig.add(pod("a", "s1"));

        assertEquals(1, rig.kernel.links().size());
    }

    @Test
    void newSandboxKeepsTheAddressAndTheLateDelOfTheOldOneFreesNothing() throws Exception {
        var first = rig.add(pod("a", "s1"));
        var second = rig.add(pod("a", "s2"));
        rig.calls.delete(pod("a", "s1"));

        assertEquals(first.addresses(), second.addresses());
        assertEquals("s2", rig.kernel.links().values().iterator().next().sandbox());
        assertInstanceOf(Address.Bound.class, addressInLog(second));
        rig.await("ready", () -> inLog(pod("a", "s2")) instanceof Endpoint.Ready);
    }

    @Test
    void delFreesAndTheAddressRests() throws Exception {
        var result = rig.add(pod("a", "s1"));

        rig.calls.delete(pod("a", "s1"));

        rig.await("removed", () -> inLog(pod("a", "s1")) == null);
        assertInstanceOf(Address.Cooling.class, addressInLog(result));
        assertEquals(0, rig.kernel.links().size());
        assertEquals(result.addresses(), rig.kernel.unrouted(), "its routes and rules go before the answer");
    }

    @Test
    void delThatTheLogRefusesToHearEndsNothing() throws Exception {
        rig.add(pod("a", "s1"));
        rig.await("ready", () -> inLog(pod("a", "s1")) instanceof Endpoint.Ready);
        fault.set(Fault.REFUSED);

        var failure = assertThrows(CallFailed.class, () -> rig.calls.delete(pod("a", "s1")));

        assertEquals(Reason.TRY_AGAIN, failure.reason());
        assertEquals(1, rig.kernel.links().size());
        assertTrue(rig.journal.entries().stream()
                .noneMatch(entry -> entry.fact() instanceof io.ledgerway.domain.node.JournalFact.Released));
    }

    @Test
    void delTwiceAndDelOfWhatWasNeverSeenSucceed() throws Exception {
        rig.add(pod("a", "s1"));
        rig.calls.delete(pod("a", "s1"));
        rig.calls.delete(pod("a", "s1"));
        rig.calls.delete(pod("never", "seen"));

        rig.await("removed", () -> inLog(pod("a", "s1")) == null && rig.reports.backlog() == 0);
        assertEquals(0, rig.calls.busy());
    }

    @Test
    void addRightAfterDelInTheSameSandboxWaitsForTheTakedown() throws Exception {
        var first = rig.add(pod("a", "s1"));
        rig.calls.delete(pod("a", "s1"));

        var second = rig.add(pod("a", "s1"));

        assertNotEquals(first.addresses(), second.addresses());
        assertEquals(1, rig.kernel.links().size());
    }

    @Test
    void repeatedReportOfARemovalDoesNotEndTheNextEndpointOfTheSandbox() throws Exception {
        rig.add(pod("a", "s1"));
        rig.await("ready", () -> inLog(pod("a", "s1")) instanceof Endpoint.Ready);
        rig.kernel.holdDeletions();
        rig.calls.delete(pod("a", "s1"));
        fault.set(Fault.ANSWER_LOST);
        rig.kernel.letDeletionsGo();
        rig.await("decided", () -> inLog(pod("a", "s1")) == null);
        fault.set(Fault.NONE);

        var result = rig.add(pod("a", "s1"));
        rig.await("drained", () -> rig.journal.backlog() == 0 && inLog(pod("a", "s1")) instanceof Endpoint.Ready);
        log.release("uid-a", "s1");

        rig.await("all is said", () -> rig.reports.backlog() == 0);
        assertInstanceOf(Address.Bound.class, addressInLog(result), "nobody has said that the link is gone");
    }

    @Test
    void queuedAddIsServedByTheWatch() throws Exception {
        exhaust();
        var waiting = addLater(pod("late", "s1"));
        rig.await("queued", () -> inLog(pod("late", "s1")) instanceof Endpoint.Queued);

        log.openCloud(true);

        assertInstanceOf(Address.Bound.class, addressInLog(waiting.get(10, TimeUnit.SECONDS)));
    }

    @Test
    void delEndsTheWaitOfTheAddThatItUndoes() throws Exception {
        exhaust();
        var waiting = addLater(pod("late", "s1"));
        rig.await("queued", () -> inLog(pod("late", "s1")) instanceof Endpoint.Queued);

        rig.calls.delete(pod("late", "s1"));

        var failure = assertThrows(ExecutionException.class, () -> waiting.get(10, TimeUnit.SECONDS));
        assertEquals(Reason.TRY_AGAIN, ((CallFailed) failure.getCause()).reason());
        assertEquals(null, inLog(pod("late", "s1")));
    }

    @Test
    void addThatADelUndoesWhileTheLogDecidesBuildsNothing() throws Exception {
        rig.close();
        var undone = new Rig[1];
        Steps steps = step -> {
            if (step == Steps.Step.ADD_DECIDED) {
                undone[0].calls.announceDelete(pod("a", "s1"));
            }
        };
        try (var next = new Rig(new DirectControlPlane(log, fault::get), rig.disk, steps, Optional.empty())) {
            undone[0] = next;
            next.connect();

            var failure = assertThrows(CallFailed.class, () -> next.add(pod("a", "s1")));

            assertEquals(Reason.TRY_AGAIN, failure.reason());
            assertEquals(0, next.kernel.links().size());
        }
    }

    /// The next ADD of the pod would wait for an end that nobody tells.
    @Test
    void delOfASandboxWhosePlaceAnotherHasTakenInTheKernelLeavesNoEndToWaitFor() throws Exception {
        rig.add(pod("a", "s1"));
        var built = rig.kernel.links().values().iterator().next();
        rig.kernel.add(new EndpointSpec(built.key(), "s2", built.netns(), built.allocation(), built.mtu()));

        rig.calls.delete(pod("a", "s1"));

        assertTrue(rig.reports.awaitRemovalHeard(pod("a", "s1").attachment(), Duration.ZERO));
    }

    @Test
    void queuedAddThatIsServedTooLateFailsWithTryAgain() throws Exception {
        exhaust();

        var failure = assertThrows(CallFailed.class, () -> rig.add(pod("late", "s1"), Duration.ofMillis(50)));

        assertEquals(Reason.TRY_AGAIN, failure.reason());
        assertTrue(failure.getMessage().contains("waits for"), failure.getMessage());
        rig.await("the log knows that nobody wants it any more", () -> inLog(pod("late", "s1")) == null);
    }

    @Test
    void fullNodeIsSaidInTheLogsWords() throws Exception {
        for (int i = 0; i < 8; i++) {
            rig.add(pod("p" + i, "s" + i));
        }

        var failure = assertThrows(CallFailed.class, () -> rig.add(pod("ninth", "s9")));

        assertEquals(Reason.NO_ADDRESS, failure.reason());
        assertTrue(failure.getMessage().contains("allows no more"), failure.getMessage());
    }

    @Test
    void grantedAddressIsNotProposedAgainWhileTheWatchIsBehind() throws Exception {
        rig.close();
        try (var blind = new Rig(new DirectControlPlane(log, fault::get).blind(), rig.disk)) {
            blind.agent.connect();
            blind.watched.accept(io.ledgerway.node.allocation.StateChange.whole(log.state()));
            int refusedBefore = log.refusals();

            var first = blind.add(pod("a", "s1"));
            var second = blind.add(pod("b", "s2"));

            assertNotEquals(first.addresses(), second.addresses());
            assertEquals(refusedBefore, log.refusals());
        }
    }

    @Test
    void whatTheLogHasReleasedIsNotThePodsThoughTheWatchIsBehind() throws Exception {
        rig.close();
        try (var blind = new Rig(new DirectControlPlane(log, fault::get).blind(), rig.disk)) {
            blind.agent.connect();
            blind.watched.accept(io.ledgerway.node.allocation.StateChange.whole(log.state()));
            blind.add(pod("a", "s1"));
            blind.kernel.holdDeletions();

            blind.calls.delete(pod("a", "s1"));

            var failure = assertThrows(CallFailed.class, () -> blind.calls.check(pod("a", "s1")));
            assertEquals(Reason.NOT_CONNECTED, failure.reason());
            assertTrue(failure.getMessage().contains("is being released"), failure.getMessage());
            blind.kernel.letDeletionsGo();
        }
    }

    @Test
    void refusedCandidateIsChosenAgainOnceTheStateShowsWhy() throws Exception {
        try (var behind = new Rig(new DirectControlPlane(log, fault::get), Rig.Disk.complete())) {
            behind.watched.accept(io.ledgerway.node.allocation.StateChange.whole(log.state()));
            rig.add(pod("a", "s1"));
            rig.await("told", () -> inLog(pod("a", "s1")) instanceof Endpoint.Ready && rig.reports.backlog() == 0);
            // Two that speak for one node would register again and again, each in the other's place.
            rig.close();
            behind.connect();

            var result = behind.add(pod("b", "s2"));

            assertInstanceOf(Address.Bound.class, addressInLog(result));
        }
    }

    @Test
    void checkSaysWhatTheKernelLacks() throws Exception {
        rig.add(pod("a", "s1"));
        assertEquals(List.of(), rig.calls.check(pod("a", "s1")).differences());

        rig.kernel.breakLink(Specs.key(pod("a", "s1").attachment()));

        assertEquals(1, rig.calls.check(pod("a", "s1")).differences().size());
        assertThrows(CallFailed.class, () -> rig.calls.check(pod("never", "seen")));
    }

    @Test
    void twentyAddsAtOnceGetTwentyAddresses() throws Exception {
        log.configure(2, 4, 8, Duration.ZERO);

        var results = java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> addLater(pod("p" + i, "s" + i)))
                .toList();

        var seen = new java.util.HashSet<>();
        for (var result : results) {
            assertTrue(seen.add(result.get(30, TimeUnit.SECONDS).addresses().getFirst()));
        }
    }
}
