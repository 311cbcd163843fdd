package io.ledgerway.node;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.calls.KernelPlumbing;
import io.ledgerway.node.calls.Limits;
import io.ledgerway.node.calls.Plumbing;
import io.ledgerway.node.cni.CniServer;
import io.ledgerway.node.controlplane.GrpcControlPlane;
import io.ledgerway.node.controlplane.NodeCertificate;
import io.ledgerway.node.controlplane.StateFile;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.endpoint.EndpointException;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.VethDriver;
import io.ledgerway.node.journal.DiskFile;
import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.node.time.Machine;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// The program on each node: the only class that knows all its parts.
///
/// Start: what the disk remembers, then the connection to the control plane, then the kernel and its self-test, and the
/// CNI socket last, so that a socket that exists serves. End (SIGTERM): the other way round.
public final class NodeExecutor {

    private static final Logger LOG = System.getLogger(NodeExecutor.class.getName());
    private static final Path KERNEL_BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String VERSION = Optional.ofNullable(
                    NodeExecutor.class.getPackage().getImplementationVersion())
            .orElse("unreleased");
    private static final int EXIT_CANNOT_START = 1;
    private static final int EXIT_WRONG_SETTINGS = 2;

    /// What a shell shows for a program that SIGTERM has ended.
    private static final int EXIT_STOPPED = 143;

    /// How long the end takes at most after SIGTERM; less than kubelet waits before it kills.
    static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Settings settings;
    private final Parts parts = new Parts();

    private NodeExecutor(Settings settings) {
        this.settings = settings;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Settings settings;
        try {
            settings = Settings.read(arguments, System.getenv());
        } catch (Settings.Wrong | IOException e) {
            System.err.println("ledgerway-node: " + e.getMessage());
            System.exit(EXIT_WRONG_SETTINGS);
            return;
        }
        Logging.set(settings.logLevel());
        var executor = new NodeExecutor(settings);
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            if (!executor.parts.close(STOP_LIMIT)) {
                Runtime.getRuntime().halt(EXIT_STOPPED);
            }
            ended.countDown();
        }));
        try {
            executor.start();
        } catch (IOException | EndpointException | KernelException e) {
            LOG.log(Level.ERROR, "the executor cannot start: {0}", e.getMessage());
            LOG.log(Level.DEBUG, "the executor cannot start", e);
            System.exit(EXIT_CANNOT_START);
        }
        ended.await();
    }

    private void start() throws IOException {
        var owner = identity();
        var boot = new BootId(
                settings.bootId().orElse(Files.readString(KERNEL_BOOT_ID).strip()));
        var epochs = new Epochs();
        var controlPlane = parts.open(new GrpcControlPlane(
                settings.controlPlane(),
                settings.serverName(),
                owner.node(),
                settings.tls(),
                settings.callDeadline(),
                settings.offlineAfter(),
                epochs));
        var journal = parts.open(new DiskFile(settings.data().resolve("journal")));
        var kernel = new Kernel();
        var agent = parts.open(new NodeAgent(
                new NodeAgent.Ports(
                        controlPlane,
                        new StateFile(settings.data().resolve("state"), owner),
                        journal,
                        kernel::open,
                        Steps.NONE,
                        new Machine()),
                new NodeAgent.Who(owner, boot, VERSION),
                epochs,
                Limits.DEFAULT,
                settings.mtu()));
        // Its handshake takes as long as the self-test, and both have a processor of their own.
        agent.connect();

        kernel.endpoints.prepareNode();
        var test = SelfTest.run(settings.cniSocket().resolveSibling("self-test.sock"));
        LOG.log(
                Level.INFO,
                "self-test: {0} calls in {1} ms",
                test.calls(),
                test.took().toMillis());
        agent.serve();
        parts.open(CniServer.start(
                new CniServer.Settings(settings.cniSocket(), settings.network(), kernel.endpoints::netnsProblem),
                new PodCalls(agent.calls(), agent::whyNoAdd)));
        sayReady(owner, agent);
    }

    private final class Kernel {
        private Endpoints endpoints;

        Plumbing open(EndpointListener listener) {
            var driver = new VethDriver();
            var node = settings.netns().map(NetNs::open).orElseGet(NetNs::own);
            endpoints = parts.open(new Endpoints(new KernelThreads(node), driver, listener));
            return new KernelPlumbing(endpoints, driver);
        }
    }

    private Incarnation identity() throws IOException {
        var owner = NodeCertificate.incarnation(settings.tls().certificate());
        requireSame("cluster-id", settings.clusterId(), owner.cluster().value());
        requireSame("node-name", settings.nodeName(), owner.node().value());
        return owner;
    }

    private void requireSame(String setting, Optional<String> wanted, String named) throws IOException {
        if (wanted.isPresent() && !wanted.get().equals(named)) {
            throw new IOException("setting " + setting + " is " + wanted.get() + ", but certificate "
                    + settings.tls().certificate() + " names " + named + "; give this node its own certificate");
        }
    }

    private void sayReady(Incarnation owner, NodeAgent agent) {
        var started = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        System.out.println("ledgerway-node ready: node " + owner.node() + ", instance " + owner.instance()
                + ", cluster " + owner.cluster() + ", " + agent.standing() + ", after "
                + Duration.between(started, Instant.now()).toMillis() + " ms");
        System.out.flush();
    }
}
