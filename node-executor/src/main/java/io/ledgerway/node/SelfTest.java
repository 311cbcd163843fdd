package io.ledgerway.node;

import io.ledgerway.node.cni.CniClient;
import io.ledgerway.node.cni.CniServer;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.KernelInventory;
import io.ledgerway.node.endpoint.VethDriver;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.NetNs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Adds, checks and deletes a few pods over a socket of its own, in namespaces that nobody else sees, before the
/// executor says that it is ready. It proves that kernel and rights suffice, and the first real ADD finds
/// everything loaded: without it that one takes ten times as long.
public final class SelfTest {
    private static final int PODS = 5;
    private static final int ROUNDS = 3;
    private static final int MTU = 1500;
    private static final long REMOVAL_LIMIT_SECONDS = 10;
    private static final String NETWORK = "ledgerway-self-test";
    private static final String CONFIGURATION =
            "{\"cniVersion\":\"1.0.0\",\"name\":\"" + NETWORK + "\",\"type\":\"ledgerway-cni\"";
    private static final MacAddress ENI_MAC = MacAddress.locallyAdministered(1);
    private static final MacAddress FAR_END_MAC = MacAddress.locallyAdministered(2);

    private final Path socket;
    private final CountDownLatch removals = new CountDownLatch(PODS * ROUNDS);

    private SelfTest(Path socket) {
        this.socket = socket;
    }

    /// What was done; how long it took is part of the executor's start.
    public record Report(int calls, Duration took) {}

    /// `socket` is a path in a directory that the executor may write to; it exists only during the test.
    public static Report run(Path socket) throws IOException {
        return new SelfTest(socket).run();
    }

    private Report run() throws IOException {
        long start = System.nanoTime();
        try (KernelThreads threads = new KernelThreads(NetNs.scratch());
                Endpoints endpoints = new Endpoints(threads, new VethDriver(), listener())) {
            // A namespace without any address takes every gateway for a broadcast address, hence the loopback.
            threads.plumb(session -> session.onNode()
                    .apply(List.of(
                            Link.bringUp(Link.LOOPBACK, "lo"),
                            Link.createVeth(
                                    new Link.VethEnd("eni0", ENI_MAC),
                                    new Link.VethEnd("vpc0", FAR_END_MAC),
                                    session.node(),
                                    MTU))));
            endpoints.prepareNode();
            CniServer.Settings settings = new CniServer.Settings(socket, Optional.of(NETWORK), endpoints::netnsProblem);
            try (CniServer server = CniServer.start(settings, new SelfTestHandler(endpoints, ENI_MAC, MTU))) {
                CniClient client = new CniClient(server.socket());
                for (int round = 0; round < ROUNDS; round++) {
                    for (int pod = 0; pod < PODS; pod++) {
                        onePod(client, "self-test-" + pod);
                    }
                }
            }
            requireNothingLeft(endpoints);
        }
        return new Report(PODS * ROUNDS * 3, Duration.ofNanos(System.nanoTime() - start));
    }

    private static void onePod(CniClient client, String pod) throws IOException {
        try (NetNs netns = NetNs.scratch()) {
            String result = call(client, "ADD", pod, netns, CONFIGURATION + "}");
            call(client, "CHECK", pod, netns, CONFIGURATION + ",\"prevResult\":" + result + "}");
            call(client, "DEL", pod, netns, CONFIGURATION + "}");
        }
    }

    private static String call(CniClient client, String command, String pod, NetNs netns, String configuration)
            throws IOException {
        Map<String, String> environment = Map.of(
                "CNI_COMMAND",
                command,
                "CNI_CONTAINERID",
                pod,
                "CNI_IFNAME",
                "eth0",
                "CNI_NETNS",
                netns.pathOfDescriptor(),
                "CNI_ARGS",
                "K8S_POD_UID=" + pod);
        CniClient.Reply reply = client.call(environment, configuration);
        if (reply.exitStatus() != 0) {
            throw new IOException("self-test: " + command + " of a scratch pod failed: " + reply.output());
        }
        return reply.output();
    }

    private void requireNothingLeft(Endpoints endpoints) throws IOException {
        try {
            if (!removals.await(REMOVAL_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("self-test: " + removals.getCount() + " of " + PODS * ROUNDS
                        + " scratch pods are not deleted after " + REMOVAL_LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("self-test: interrupted", e);
        }
        KernelInventory left = endpoints.inventory();
        if (!left.isEmpty()) {
            throw new IOException("self-test: scratch pods left something in the kernel: " + left);
        }
    }

    private EndpointListener listener() {
        return new EndpointListener() {
            @Override
            public void gone(EndpointKey key, String sandbox) {
                removals.countDown();
            }

            @Override
            public void stuck(EndpointKey key, String sandbox, RuntimeException cause) {
                // The count stays up, and the test fails by it.
            }
        };
    }
}
