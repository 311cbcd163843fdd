package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.NodeDriver;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.MemoryState;
import io.ledgerway.node.NodeAgent;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.StateStore;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.node.journal.DataFile;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.time.Machine;
import io.ledgerway.node.time.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/// One executor on a log, a disk and a kernel that belong to the test.
final class Rig implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Limits LIMITS = new Limits(
            PATIENCE,
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Addresses.LONGEST_DOUBT,
            8,
            8);

    final Disk disk;
    final FakeKernel kernel;
    final NodeAgent agent;
    final Addresses addresses;
    final Watched watched;
    final Reports reports;
    final Sandboxes sandboxes;
    final Calls calls;
    final Journal journal;
    final Line line;
    private final Surroundings surroundings;
    private final ExecutorService deletions = Executors.newVirtualThreadPerTaskExecutor();

    /// What outlives an executor.
    ///
    /// @param boot a new one each time the machine starts
    record Disk(MemoryFile journal, MemoryState state, BootId boot) {
        Disk() {
            this(new MemoryFile(), new MemoryState(), new BootId("boot-1"));
        }

        Disk afterBoot(String name) {
            return new Disk(journal, state, new BootId(name));
        }

        /// A disk whose executor has known everything, as if it had been compared with the log.
        static Disk complete() {
            var disk = new Disk();
            try {
                Journal.open(disk.journal, TestLog.NODE, disk.boot, new Machine())
                        .complete();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return disk;
        }
    }

    Rig(ControlPlane controlPlane) {
        this(controlPlane, new Disk(), Steps.NONE, Optional.empty());
    }

    Rig(ControlPlane controlPlane, Disk disk) {
        this(controlPlane, disk, Steps.NONE, Optional.empty());
    }

    /// @param before the kernel of the executor before, of the same boot
    Rig(ControlPlane controlPlane, Disk disk, Steps steps, Optional<FakeKernel> before) {
        this(controlPlane, disk, steps, before, new Machine(), () -> {});
    }

    /// On files of the test's own; [#disk] has nothing of it.
    Rig(ControlPlane controlPlane, DataFile journal, StateStore state, Optional<FakeKernel> before) {
        this(controlPlane, new Disk(), journal, state, Steps.NONE, before, new Machine(), () -> {}, NodeDriver.VETH);
    }

    /// @param beforeKernel called before the kernel is asked
    Rig(
            ControlPlane controlPlane,
            Disk disk,
            Steps steps,
            Optional<FakeKernel> before,
            Surroundings surroundings,
            Runnable beforeKernel) {
        this(controlPlane, disk, disk.journal, disk.state, steps, before, surroundings, beforeKernel, NodeDriver.VETH);
    }

    /// With that driver.
    Rig(
            ControlPlane controlPlane,
            Disk disk,
            Steps steps,
            Optional<FakeKernel> before,
            Surroundings surroundings,
            Runnable beforeKernel,
            NodeDriver driver) {
        this(controlPlane, disk, disk.journal, disk.state, steps, before, surroundings, beforeKernel, driver);
    }

    private Rig(
            ControlPlane controlPlane,
            Disk disk,
            DataFile journal,
            StateStore state,
            Steps steps,
            Optional<FakeKernel> before,
            Surroundings surroundings,
            Runnable beforeKernel,
            NodeDriver driver) {
        this.disk = disk;
        this.surroundings = surroundings;
        var made = new FakeKernel[1];
        try {
            this.agent = new NodeAgent(
                    new NodeAgent.Ports(
                            controlPlane,
                            state,
                            journal,
                            listener -> made[0] = new FakeKernel(listener, deletions, before, beforeKernel),
                            steps,
                            surroundings),
                    new NodeAgent.Who(TestLog.NODE, disk.boot, "test", driver),
                    new Epochs(),
                    LIMITS,
                    1500);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.kernel = made[0];
        this.addresses = agent.addresses();
        this.watched = agent.watched();
        this.reports = agent.reports();
        this.sandboxes = agent.sandboxes();
        this.calls = agent.calls();
        this.journal = agent.journal();
        this.line = agent.line();
    }

    Rig connect() {
        agent.connect();
        agent.serve();
        return this;
    }

    static PodCall pod(String name, String sandbox) {
        return new PodCall(
                new AttachmentId(new PodUid("uid-" + name), "eth0"),
                new SandboxId(sandbox),
                "/run/netns/" + sandbox,
                "default",
                name,
                PodRequest.Dns.NONE);
    }

    EndpointResult add(PodCall call) throws CallFailed, InterruptedException {
        return add(call, PATIENCE);
    }

    EndpointResult add(PodCall call, Duration patience) throws CallFailed, InterruptedException {
        return calls.add(call, surroundings.nanoTime() + patience.toNanos());
    }

    /// Returns once it is so.
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not so after " + PATIENCE.toSeconds() + " s: " + what + "; " + agent.standing());
            }
            watched.await(state -> Optional.<Boolean>empty(), Duration.ofMillis(5));
        }
    }

    @Override
    public void close() {
        agent.close();
        deletions.shutdown();
    }
}
