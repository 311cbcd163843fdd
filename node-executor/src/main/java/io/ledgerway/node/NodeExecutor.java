package io.ledgerway.node;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.calls.Calls;
import io.ledgerway.node.calls.Housekeeping;
import io.ledgerway.node.calls.KernelPlumbing;
import io.ledgerway.node.calls.Limits;
import io.ledgerway.node.calls.Reports;
import io.ledgerway.node.calls.Sandboxes;
import io.ledgerway.node.cni.CniServer;
import io.ledgerway.node.controlplane.Connection;
import io.ledgerway.node.controlplane.GrpcControlPlane;
import io.ledgerway.node.controlplane.NodeCertificate;
import io.ledgerway.node.controlplane.StateFile;
import io.ledgerway.node.controlplane.StateKeeper;
import io.ledgerway.node.endpoint.EndpointException;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.VethDriver;
import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.node.time.Machine;
import io.ledgerway.node.time.Surroundings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
    private final Epochs epochs = new Epochs();
    private final Surroundings machine = new Machine();
    private final Addresses addresses = new Addresses(machine::nanoTime);
    private final Watched watched = new Watched(addresses, epochs, machine);
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
        var sandboxes = remember(new StateFile(settings.data().resolve("state"), owner), boot);

        var controlPlane = parts.open(new GrpcControlPlane(
                settings.controlPlane(),
                settings.serverName(),
                owner.node(),
                settings.tls(),
                settings.callDeadline(),
                epochs));
        var reports = parts.open(new Reports(controlPlane, machine));
        var driver = new VethDriver();
        var node = settings.netns().map(NetNs::open).orElseGet(NetNs::own);
        var endpoints = parts.open(new Endpoints(new KernelThreads(node), driver, reports));
        var calls = new Calls(
                controlPlane,
                new KernelPlumbing(endpoints, driver),
                addresses,
                watched,
                reports,
                sandboxes,
                machine,
                Limits.DEFAULT,
                settings.mtu());
        var housekeeping = parts.open(new Housekeeping(calls, machine));
        var connection =
                parts.open(new Connection(controlPlane, watched, boot, VERSION, machine, housekeeping::stateIsCurrent));
        // Its handshake takes as long as the self-test, and both have a processor of their own.
        connection.start();

        endpoints.prepareNode();
        var test = SelfTest.run(settings.cniSocket().resolveSibling("self-test.sock"));
        LOG.log(
                Level.INFO,
                "self-test: {0} calls in {1} ms",
                test.calls(),
                test.took().toMillis());
        housekeeping.start();
        parts.open(CniServer.start(
                new CniServer.Settings(settings.cniSocket(), settings.network(), endpoints::netnsProblem),
                new PodCalls(calls, connection::isWatching)));
        sayReady(owner);
    }

    /// Goes on from what the disk knows, and keeps the disk knowing it.
    private Sandboxes remember(StateFile file, BootId boot) throws IOException {
        var remembered = remembered(file);
        remembered.map(StateFile.Contents::state).map(StateChange::whole).ifPresent(watched::accept);
        var keeper = parts.open(new StateKeeper(file, machine));
        // What another boot had is gone, and so are its sandboxes.
        var sandboxes = new Sandboxes(
                remembered
                        .filter(contents -> contents.boot().equals(boot))
                        .<Map<String, String>>map(StateFile.Contents::netnsOfSandboxes)
                        .orElse(Map.of()),
                keeper::touch);
        watched.follow(state -> keeper.touch());
        keeper.start(() -> Optional.of(watched.state())
                .filter(state -> state.position().isPresent())
                .map(state -> new StateFile.Contents(boot, sandboxes.stored(), state)));
        return sandboxes;
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

    private static Optional<StateFile.Contents> remembered(StateFile file) throws IOException {
        try {
            return file.load();
        } catch (StateFile.Damaged e) {
            LOG.log(
                    Level.ERROR,
                    "{0}; the node goes on with what the control plane says, and can do nothing without it",
                    e.getMessage());
            return Optional.empty();
        }
    }

    private void sayReady(Incarnation owner) {
        var started = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        System.out.println("ledgerway-node ready: node " + owner.node() + ", instance " + owner.instance()
                + ", cluster " + owner.cluster() + ", state "
                + watched.state().position().map(Object::toString).orElse("not known yet") + ", after "
                + Duration.between(started, Instant.now()).toMillis() + " ms");
        System.out.flush();
    }
}
