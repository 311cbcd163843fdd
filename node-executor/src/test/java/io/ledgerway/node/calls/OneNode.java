package io.ledgerway.node.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.NodeDriver;
import io.ledgerway.node.JumpingClock;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.endpoint.EndpointResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// One executor whose log goes away and comes back as the test says; the pool is the test's. Whatever happens, no two
/// links ever have one address.
@Timeout(60)
abstract class OneNode {

    static final Duration COOL_DOWN = Duration.ofMillis(200);

    /// Another instance that takes the node's name.
    static final Incarnation NEXT = new Incarnation(TestLog.NODE.cluster(), TestLog.NODE.node(), new InstanceId("i-2"));

    final TestLog log = new TestLog(driver().gives());
    final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
    final JumpingClock machine = new JumpingClock();
    /// Happens when the log is asked, and now and then while it is watched.
    volatile Runnable beforeEachAnswer = () -> {};
    volatile Steps steps = Steps.NONE;

    DirectControlPlane controlPlane;
    Rig rig = open(new Rig.Disk(), Optional.empty());
    private int commands;

    Rig open(Rig.Disk disk, Optional<FakeKernel> kernel) {
        controlPlane = new DirectControlPlane(log, () -> {
            beforeEachAnswer.run();
            return fault.get();
        });
        return new Rig(controlPlane, disk, step -> steps.reached(step), kernel, machine, () -> {}, driver());
    }

    /// How the node connects its pods, which decides what its pool gives them.
    NodeDriver driver() {
        return NodeDriver.VETH;
    }

    /// What the log knows of the pool, and how many addresses that brings.
    int configure() {
        log.configure(3, 2, 4, COOL_DOWN);
        return 3;
    }

    @BeforeEach
    final void connect() throws InterruptedException {
        rig.connect();
        rig.await("compared", rig.journal::isComplete);
        int addresses = configure();
        rig.await("addresses", () -> rig.addresses.free() >= addresses);
    }

    @AfterEach
    final void close() {
        rig.close();
        assertEquals(List.of(), rig.kernel.violations());
    }

    void logIsAway() throws InterruptedException {
        fault.set(Fault.LOST);
        rig.await("away", () -> !rig.line.isConnected());
    }

    /// Returns when the log knows everything, the reports of the calls before included.
    void logIsBack() throws InterruptedException {
        fault.set(Fault.NONE);
        rig.await("told", () -> rig.line.isConnected() && rig.reports.backlog() == 0 && rig.journal.backlog() == 0);
        awaitSeen();
    }

    void awaitSeen() throws InterruptedException {
        rig.await("seen", () -> rig.watched.state().covers(log.position()));
    }

    /// A pod that the log has granted an address and whose state the node has seen.
    EndpointResult addKnown(PodCall call) throws CallFailed, InterruptedException {
        var result = rig.add(call);
        rig.await("ready", () -> inLog(call) instanceof Endpoint.Ready);
        awaitSeen();
        return result;
    }

    /// The process ends and another one begins, on the same disk and kernel.
    void restart() {
        rig.close();
        rig = open(rig.disk, Optional.of(rig.kernel));
        rig.connect();
    }

    Endpoint inLog(PodCall call) {
        return log.node().endpoint(call.attachment()).orElse(null);
    }

    static IpAddress ip(EndpointResult result) {
        return new IpAddress(result.addresses().getFirst().getHostAddress());
    }

    List<? extends Class<?>> facts() {
        return rig.journal.entries().stream()
                .map(entry -> entry.fact().getClass())
                .toList();
    }

    long count(Class<? extends JournalFact> fact) {
        return facts().stream().filter(fact::equals).count();
    }

    /// Of somebody else.
    Header header(String actor) {
        return new Header(new CommandId("test-" + ++commands), Instant.EPOCH, actor);
    }
}
