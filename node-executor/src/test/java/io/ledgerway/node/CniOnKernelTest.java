package io.ledgerway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.cni.CniServer;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.VethDriver;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.NetNs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way of a call: the executed binary, the socket, the kernel; only the choice of addresses is made up.
class CniOnKernelTest {
    private static final String CONFIGURATION = "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\"}";

    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork(1);
    private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();
    private Endpoints endpoints;
    private CniServer server;
    private Relay relay;

    @BeforeEach
    void start() throws IOException {
        EndpointListener listener = new EndpointListener() {
            @Override
            public void gone(EndpointKey key, String sandbox) {
                gone.add(sandbox);
            }

            @Override
            public void stuck(EndpointKey key, String sandbox, RuntimeException cause) {
                gone.add(cause.toString());
            }
        };
        endpoints = new Endpoints(
                new KernelThreads(NetNs.open(network.node().pathOfDescriptor())), new VethDriver(), listener);
        endpoints.prepareNode();
        server = CniServer.start(
                new CniServer.Settings(directory.resolve("cni.sock"), Optional.of("pods"), endpoints::netnsProblem),
                new SelfTestHandler(endpoints, network.eni(1).mac(), TestNetwork.MTU));
        relay = new Relay(server.socket());
        // The ENI's own objects come with its first pod and stay.
        assertSuccess(call("ADD", "first", "first"));
        assertSuccess(call("DEL", "first", "first"));
        awaitGone("first");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        endpoints.close();
        network.close();
    }

    private Map<String, String> environment(String command, String pod, String container) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("CNI_COMMAND", command);
        environment.put("CNI_CONTAINERID", container);
        environment.put("CNI_IFNAME", "eth0");
        environment.put("CNI_NETNS", network.pod(container).pathOfDescriptor());
        environment.put("CNI_ARGS", "K8S_POD_NAMESPACE=n;K8S_POD_NAME=" + pod + ";K8S_POD_UID=uid-" + pod);
        return environment;
    }

    private Relay.Ended call(String command, String pod, String container) {
        return relay.call(environment(command, pod, container), CONFIGURATION);
    }

    private static Relay.Ended assertSuccess(Relay.Ended ended) {
        assertEquals(0, ended.exitStatus(), ended.output());
        return ended;
    }

    private void awaitGone(String container) {
        try {
            assertEquals(container, gone.poll(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void podLivesAndEndsAndNothingIsLeft() {
        String before = network.nodeDump();

        Relay.Ended added = assertSuccess(call("ADD", "a", "a"));

        assertTrue(added.output().contains("\"address\":\"198.51.100.1"), added.output());
        assertTrue(network.podDump("a").contains("198.51.100.1"), network.podDump("a"));
        assertSuccess(relay.call(
                environment("CHECK", "a", "a"), CONFIGURATION.replace("}", ",\"prevResult\":" + added.output() + "}")));
        assertSuccess(call("DEL", "a", "a"));
        awaitGone("a");
        assertEquals(before, network.nodeDump());
    }

    @Test
    void everyBadCallLeavesTheKernelAsItWas() {
        String before = network.nodeDump();
        List<Map<String, String>> environments = new ArrayList<>();
        for (String variable : List.of("CNI_COMMAND", "CNI_CONTAINERID", "CNI_IFNAME", "CNI_NETNS")) {
            Map<String, String> missing = environment("ADD", "a", "a");
            missing.remove(variable);
            environments.add(missing);
        }
        for (String path : List.of("/etc/passwd", "/proc/self/ns/mnt", "/nowhere", "/", "/dev/null")) {
            Map<String, String> wrong = environment("ADD", "a", "a");
            wrong.put("CNI_NETNS", path);
            environments.add(wrong);
        }
        Map<String, String> node = environment("ADD", "a", "a");
        node.put("CNI_NETNS", network.node().pathOfDescriptor());
        environments.add(node);
        for (Map<String, String> environment : environments) {
            Relay.Ended refused = relay.call(environment, CONFIGURATION);
            assertEquals(1, refused.exitStatus());
            assertTrue(refused.output().contains("\"code\":4"), refused.output());
        }
        for (String stdin :
                List.of("", "{", "[]", CONFIGURATION.replace("1.0.0", "7"), CONFIGURATION.replace("pods", "x"))) {
            assertEquals(1, relay.call(environment("ADD", "a", "a"), stdin).exitStatus());
        }
        assertEquals(before, network.nodeDump());
    }

    @Test
    void duplicateAddGivesTheSameResultAndChangesNothing() {
        Relay.Ended first = assertSuccess(call("ADD", "a", "a"));
        String node = network.nodeDump();

        assertEquals(first, call("ADD", "a", "a"));

        assertEquals(node, network.nodeDump());
    }

    @Test
    void delTwiceWithoutNamespaceAndForTheNeverSeenSucceeds() {
        String before = network.nodeDump();
        assertSuccess(call("ADD", "a", "a"));
        assertSuccess(call("DEL", "a", "a"));
        awaitGone("a");
        Map<String, String> second = environment("DEL", "a", "a");
        second.put("CNI_NETNS", "");
        assertSuccess(relay.call(second, CONFIGURATION));
        assertSuccess(call("DEL", "never", "seen"));
        assertEquals(before, network.nodeDump());
    }

    @Test
    void delAfterTheNamespaceIsGoneRemovesWhatTheNodeHolds() {
        String before = network.nodeDump();
        assertSuccess(call("ADD", "a", "a"));
        Map<String, String> delete = environment("DEL", "a", "a");
        network.endPod("a");

        assertSuccess(relay.call(delete, CONFIGURATION));

        awaitGone("a");
        assertEquals(before, network.nodeDump());
    }

    @Test
    void addAfterDelInTheSameSandboxWorks() {
        Relay.Ended first = assertSuccess(call("ADD", "a", "a"));
        assertSuccess(call("DEL", "a", "a"));

        assertEquals(first, assertSuccess(call("ADD", "a", "a")));

        assertTrue(network.podDump("a").contains("eth0"));
    }

    @Test
    void newSandboxThenDelOfTheOldLeavesTheNewOne() {
        assertSuccess(call("ADD", "a", "old"));
        assertSuccess(call("ADD", "a", "new"));
        String node = network.nodeDump();

        assertSuccess(call("DEL", "a", "old"));

        assertEquals(node, network.nodeDump());
        assertTrue(network.podDump("new").contains("eth0"));
        assertFalse(network.podDump("old").contains("eth0"));
    }

    @Test
    void twentyAtOnce() throws Exception {
        String before = network.nodeDump();
        List<Map<String, String>> environments = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            environments.add(environment("ADD", "p" + i, "c" + i));
        }
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String command : List.of("ADD", "DEL")) {
                List<Future<Relay.Ended>> all = new ArrayList<>();
                for (Map<String, String> environment : environments) {
                    environment.put("CNI_COMMAND", command);
                    all.add(callers.submit(() -> relay.call(environment, CONFIGURATION)));
                }
                for (Future<Relay.Ended> one : all) {
                    assertSuccess(one.get());
                }
            }
        }
        for (int i = 0; i < 20; i++) {
            assertTrue(gone.poll(20, TimeUnit.SECONDS).startsWith("c"));
        }
        assertEquals(before, network.nodeDump());
    }
}
