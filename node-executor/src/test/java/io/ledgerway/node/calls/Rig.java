package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.controlplane.Connection;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.node.time.Machine;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/// One executor on a log and a kernel that belong to the test.
final class Rig implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Limits LIMITS = new Limits(PATIENCE, Duration.ofSeconds(2), Duration.ofSeconds(2), 8, 8);

    final ControlPlane controlPlane;
    final Addresses addresses = new Addresses(System::nanoTime);
    final Watched watched = new Watched(addresses, new Epochs(), new Machine());
    final Reports reports;
    final FakeKernel kernel;
    final Sandboxes sandboxes;
    final Calls calls;
    private final Connection connection;
    private final ExecutorService deletions = Executors.newVirtualThreadPerTaskExecutor();

    Rig(ControlPlane controlPlane) {
        this(controlPlane, Map.of());
    }

    Rig(ControlPlane controlPlane, Map<String, String> knownSandboxes) {
        this.controlPlane = controlPlane;
        this.reports = new Reports(controlPlane, new Machine());
        this.kernel = new FakeKernel(reports, deletions);
        this.sandboxes = new Sandboxes(knownSandboxes, () -> {});
        this.calls =
                new Calls(controlPlane, kernel, addresses, watched, reports, sandboxes, new Machine(), LIMITS, 1500);
        this.connection =
                new Connection(controlPlane, watched, new BootId("boot-1"), "test", new Machine(), watched::lookAgain);
    }

    Rig connect() {
        connection.start();
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
        return calls.add(call, System.nanoTime() + patience.toNanos());
    }

    /// Returns once it is so.
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not so after " + PATIENCE.toSeconds() + " s: " + what);
            }
            watched.await(state -> Optional.<Boolean>empty(), Duration.ofMillis(5));
        }
    }

    @Override
    public void close() {
        connection.close();
        reports.close();
        deletions.shutdown();
    }
}
