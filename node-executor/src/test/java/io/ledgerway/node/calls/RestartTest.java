package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.endpoint.EndpointKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RestartTest {

    private static final PodCall POD = pod("a", "s1");
    private static final EndpointKey KEY = Specs.key(POD.attachment());

    private final TestLog log = new TestLog();
    private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
    private final Rig before = new Rig(new DirectControlPlane(log, fault::get)).connect();
    private Rig after;

    @BeforeEach
    void addPods() throws Exception {
        before.await("registered", before.journal::isComplete);
        log.configure(3, 2, 6, Duration.ofSeconds(30));
        before.await("addresses", () -> before.addresses.free() >= 3);
    }

    @AfterEach
    void close() {
        before.close();
        if (after != null) {
            after.close();
        }
    }

    /// The executor dies with what it has not reported, and the next one has the same kernel and what was on disk.
    private void restart() throws InterruptedException {
        before.close();
        fault.set(Fault.NONE);
        after = new Rig(new DirectControlPlane(log, fault::get), before.disk, Steps.NONE, Optional.of(before.kernel));
        after.connect();
        after.await("current", () -> after.watched.state().covers(log.position()));
        after.calls.recover();
    }

    private Endpoint inLog() {
        return log.node().endpoint(POD.attachment()).orElse(null);
    }

    @Test
    void readyEndpointThatTheKernelHasLostIsMadeAgain() throws Exception {
        before.add(POD);
        before.await("ready", () -> inLog() instanceof Endpoint.Ready);
        before.kernel.breakLink(KEY);

        restart();

        assertEquals("s1", after.kernel.links().get(KEY).sandbox());
    }

    @Test
    void endpointWhoseReadinessWasNotReportedIsReported() throws Exception {
        allocatedButNotReported();

        restart();

        after.await("ready", () -> inLog() instanceof Endpoint.Ready);
    }

    private void allocatedButNotReported() throws Exception {
        before.kernel.beforeAnswering(before.reports::close);
        before.add(POD);
        assertInstanceOf(Endpoint.Allocated.class, inLog());
    }

    @Test
    void allocatedEndpointThatWasNeverBuiltIsLeftToTheRuntime() throws Exception {
        allocatedButNotReported();
        before.kernel.breakLink(KEY);

        restart();

        assertEquals(Map.of(), after.kernel.links());
        assertInstanceOf(Endpoint.Allocated.class, inLog());
        after.add(POD);
        after.await("ready", () -> inLog() instanceof Endpoint.Ready);
    }

    @Test
    void unfinishedReleaseIsFinishedAndReported() throws Exception {
        before.add(POD);
        before.await("ready", () -> inLog() instanceof Endpoint.Ready);
        var address = log.node().addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Bound)
                .findFirst()
                .orElseThrow()
                .getKey();
        log.release("uid-a", "s1");
        assertInstanceOf(Endpoint.Releasing.class, inLog());

        restart();

        after.await("removed", () -> inLog() == null);
        assertEquals(Map.of(), after.kernel.links());
        assertEquals(List.of(InetAddress.ofLiteral(address.value())), after.kernel.unrouted());
        assertInstanceOf(Address.Cooling.class, log.node().addresses().get(address));
    }

    @Test
    void releaseThatShowsAMomentAfterTheLogHasComeIsFinishedHoweverOftenTheLineHasChangedMeanwhile() throws Exception {
        allocatedButNotReported();
        before.kernel.breakLink(KEY);
        restart();
        for (int change = 0; change < 20; change++) {
            after.line.journalChanged();
            after.watched.await(state -> Optional.<Boolean>empty(), Duration.ofMillis(5));
        }

        log.release("uid-a", "s1");

        after.await("removed", () -> inLog() == null);
    }

    @Test
    void podThatMovedSinceTheStartIsNotMovedBack() throws Exception {
        before.add(POD);
        before.await("ready", () -> inLog() instanceof Endpoint.Ready);
        before.close();
        after = new Rig(new DirectControlPlane(log, fault::get).blind(), before.disk, Steps.NONE, Optional.empty());
        after.agent.connect();
        after.add(pod("a", "s2"));

        after.calls.recover();

        assertEquals("s2", after.kernel.links().get(KEY).sandbox());
    }

    @Test
    void podThatWasDeletedSinceTheStartIsNotMadeAgain() throws Exception {
        before.add(POD);
        before.await("ready", () -> inLog() instanceof Endpoint.Ready);
        before.close();
        after = new Rig(new DirectControlPlane(log, fault::get).blind(), before.disk, Steps.NONE, Optional.empty());
        after.agent.connect();
        after.calls.delete(POD);

        after.calls.recover();

        assertEquals(Map.of(), after.kernel.links());
    }

    /// Its entry is on disk still, and is laid over a state that does not show that the log had it long ago.
    @Test
    void podThatTheJournalBoundAndTheLogKnowsToBeGoneIsNotMadeAgain() throws Exception {
        fault.set(Fault.LOST);
        before.await("away", () -> !before.line.isConnected());
        before.add(POD);
        fault.set(Fault.NONE);
        before.await("told", () -> before.line.isTold() && inLog() instanceof Endpoint.Ready);
        var disk = before.disk.journal().read().orElseThrow();
        before.calls.delete(POD);
        before.await("gone", () -> inLog() == null);
        before.close();
        before.disk.journal().set(disk);

        fault.set(Fault.DRAINS_WAIT);
        after = new Rig(new DirectControlPlane(log, fault::get), before.disk, Steps.NONE, Optional.of(before.kernel));
        after.connect();
        after.await(
                "current",
                () -> after.line.isConnected() && after.watched.state().covers(log.position()));
        // Nothing happens that could be waited for.
        TimeUnit.MILLISECONDS.sleep(200);
        assertFalse(after.kernel.isRecovered(), "before the log has said what it has of the journal");
        fault.set(Fault.NONE);
        after.await("compared", after.kernel::isRecovered);

        assertEquals(Map.of(), after.kernel.links());
    }
}
