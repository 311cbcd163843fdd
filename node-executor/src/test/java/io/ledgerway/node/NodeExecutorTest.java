package io.ledgerway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.calls.TestLog;
import io.ledgerway.node.cni.CniClient;
import io.ledgerway.node.controlplane.Certificates;
import io.ledgerway.node.controlplane.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The executor's process between a log over mutual TLS and real namespaces.
@Timeout(180)
class NodeExecutorTest {

    private static final Pattern ADDRESS = Pattern.compile("\"address\":\"([0-9.]+)/32\"");

    @TempDir
    private static Path forCertificates;

    private static Certificates certificates;

    @TempDir
    private Path folder;

    private final TestLog log = new TestLog();
    private final TestNetwork network = new TestNetwork(1);
    private TestServer server;
    private ExecutorProcess executor;

    @BeforeAll
    static void makeCertificates() throws IOException {
        certificates = new Certificates(forCertificates);
        certificates.authority("ca");
        certificates.certificate("server", "ca", "CN=server", "-ext", "san=ip:127.0.0.1");
        certificates.certificate("node", "ca", "CN=node-1,OU=i-1,O=test");
    }

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(log, 0, certificates);
        executor = ExecutorProcess.start(folder, network, server.port(), certificates);
        await("registered", () -> log.node().incarnation().isPresent());
        log.configure(3, 1, 20, Duration.ZERO);
    }

    @AfterEach
    void stop() {
        executor.close();
        server.close();
        network.close();
    }

    /// Asks again and again, because a process cannot be waited for in any other way.
    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not so after 30 s: " + what);
            Thread.onSpinWait();
        }
    }

    private Endpoint inLog(String pod) {
        return log.node()
                .endpoint(new AttachmentId(new PodUid("uid-" + pod), "eth0"))
                .orElse(null);
    }

    private static CniClient.Reply succeeded(CniClient.Reply reply) {
        assertEquals(0, reply.exitStatus(), reply.output());
        return reply;
    }

    private String add(String pod, String sandbox) throws IOException {
        var reply = succeeded(executor.call("ADD", network, pod, sandbox));
        var address = address(reply);
        network.assign(network.eni(1), InetAddress.ofLiteral(address));
        return address;
    }

    private static String address(CniClient.Reply reply) {
        var matcher = ADDRESS.matcher(reply.output());
        assertTrue(matcher.find(), reply.output());
        return matcher.group(1);
    }

    private void delete(String pod, String sandbox) throws IOException {
        succeeded(executor.call("DEL", network, pod, sandbox));
        await(pod + " removed", () -> inLog(pod) == null);
    }

    @Test
    void podsTalkAndNothingIsLeftWhenTheyAreGone() throws Exception {
        add("first", "s0");
        delete("first", "s0");
        var empty = network.nodeDump();

        var a = add("a", "sa");
        var b = add("b", "sb");
        assertTrue(network.pings(network.pod("sa"), b), "a reaches b");
        assertTrue(network.pings(network.pod("sb"), a), "b reaches a");
        await("ready", () -> inLog("a") instanceof Endpoint.Ready && inLog("b") instanceof Endpoint.Ready);
        var result = executor.call("ADD", network, "a", "sa");
        assertEquals(a, address(result));
        succeeded(executor.check(network, "a", "sa", result.output()));

        delete("a", "sa");
        delete("b", "sb");
        succeeded(executor.call("DEL", network, "a", "sa"));
        succeeded(executor.call("DEL", network, "never", "seen"));
        assertEquals(empty, network.nodeDump());
    }

    @Test
    void newSandboxMovesTheEndpointAndTheLateDelOfTheOldOneDoesNothing() throws Exception {
        var before = add("a", "old");
        var after = add("a", "new");
        assertEquals(before, after);

        succeeded(executor.call("DEL", network, "a", "old"));

        assertTrue(network.pings(network.pod("new"), TestNetwork.NODE_ADDRESS));
        assertFalse(network.podDump("old").contains(before));
        delete("a", "new");
    }

    @Test
    void killedExecutorComesBackAndTouchesNoHealthyPod() throws Exception {
        var a = add("a", "sa");
        await("ready", () -> inLog("a") instanceof Endpoint.Ready);
        var links = links();

        executor.kill();
        assertTrue(network.pings(network.pod("sa"), TestNetwork.NODE_ADDRESS));
        executor = ExecutorProcess.start(folder, network, server.port(), certificates);

        assertEquals(a, add("a", "sa"));
        assertEquals(links, links(), "the links are the same ones");
        add("b", "sb");
        delete("a", "sa");
        delete("b", "sb");
    }

    /// With their indexes, without their moods.
    private String links() {
        return TestNetwork.ip(network.node(), "-o link").replaceAll("<[^>]*>|state \\S+", "");
    }

    @Test
    void releaseThatDiedHalfWayIsFinishedByTheNextExecutor() throws Exception {
        add("a", "sa");
        await("ready", () -> inLog("a") instanceof Endpoint.Ready);
        executor.kill();
        log.release("uid-a", "sa");
        assertInstanceOf(Endpoint.Releasing.class, inLog("a"));

        executor = ExecutorProcess.start(folder, network, server.port(), certificates);

        await("removed", () -> inLog("a") == null);
        assertFalse(TestNetwork.ip(network.node(), "-d link").contains("uid-a"));
    }

    @Test
    void ruleThatSomeoneDeletedIsRestoredByARestart() throws Exception {
        var a = add("a", "sa");
        await("ready", () -> inLog("a") instanceof Endpoint.Ready);
        executor.close();
        TestNetwork.ip(network.node(), "rule del to " + a);
        assertFalse(TestNetwork.ip(network.node(), "rule").contains("to " + a));

        executor = ExecutorProcess.start(folder, network, server.port(), certificates);

        await("repaired", () -> TestNetwork.ip(network.node(), "rule").contains("to " + a));
    }

    @Test
    void podsComeAndGoWhileTheLogIsAwayAndTheExecutorIsKilled() throws Exception {
        var a = add("a", "sa");
        await("ready", () -> inLog("a") instanceof Endpoint.Ready);
        int port = server.port();
        server.close();

        var b = add("b", "sb");
        assertTrue(network.pings(network.pod("sb"), a), "b reaches a");
        succeeded(executor.call("DEL", network, "a", "sa"));
        succeeded(executor.call("DEL", network, "never", "seen"));
        executor.kill();
        executor = ExecutorProcess.start(folder, network, port, certificates);
        assertEquals(b, address(succeeded(executor.call("ADD", network, "b", "sb"))));
        var c = add("c", "sc");
        assertTrue(network.pings(network.pod("sc"), b), "c reaches b");

        server = TestServer.start(log, port, certificates);
        await("told", () -> inLog("b") instanceof Endpoint.Ready && inLog("c") instanceof Endpoint.Ready);
        await("a is gone", () -> inLog("a") == null);
        assertEquals(List.of(), log.keptBinds());
        assertEquals(1, log.kept().size(), "a DEL of what the log has never heard of is history, and nothing else is");
        delete("b", "sb");
        delete("c", "sc");
        assertFalse(TestNetwork.ip(network.node(), "-d link").contains("ledgerway:uid"), "nothing is left");
    }

    @Test
    void firstAddAfterTheLogHasFallenSilentIsHardlySlower() throws Exception {
        add("first", "s0");
        delete("first", "s0");
        network.pod("sa");
        network.pod("sb");
        server.fallSilent();

        long begun = System.nanoTime();
        succeeded(executor.call("ADD", network, "a", "sa"));
        var first = Duration.ofNanos(System.nanoTime() - begun);
        begun = System.nanoTime();
        succeeded(executor.call("ADD", network, "b", "sb"));
        var second = Duration.ofNanos(System.nanoTime() - begun);

        assertTrue(first.compareTo(Duration.ofSeconds(2)) < 0, first.toString());
        assertTrue(second.compareTo(Duration.ofMillis(250)) < 0, second.toString());
    }

    @Test
    void sigtermEndsItWhileCallsWaitForALogThatNeverAnswers() throws Exception {
        // However slow the machine is, it does not go on alone before it is told to end.
        executor.close();
        executor = ExecutorProcess.start(
                folder,
                network,
                server.port(),
                certificates,
                Map.of("LEDGERWAY_OFFLINE_AFTER", "120s", "LEDGERWAY_CALL_DEADLINE", "120s"));
        add("first", "s0");
        var waiting = IntStream.range(0, 20).mapToObj(i -> "waiting-" + i).toList();
        waiting.forEach(pod -> network.pod("s" + pod));
        server.fallSilent();
        try (var callers = Executors.newCachedThreadPool()) {
            for (var pod : waiting) {
                callers.submit(() -> executor.call("ADD", network, pod, "s" + pod));
            }
            await(
                    "one is decided, and none is answered",
                    () -> log.node().endpoints().size() > 1);
            long begun = System.nanoTime();

            executor.close();

            assertTrue(Duration.ofNanos(System.nanoTime() - begun).compareTo(NodeExecutor.STOP_LIMIT) < 0);
        }
        assertFalse(executor.log().contains("has not closed"), executor.log());
    }

    @Test
    void wrongNamespaceIsRefusedBeforeTheLogHearsOfIt() throws Exception {
        var before = log.position();

        for (var netns : List.of("/etc/passwd", "/nowhere", network.node().pathOfDescriptor())) {
            var refused = executor.add(network, "a", "sa", netns);

            assertTrue(refused.output().contains("\"code\":4"), refused.output());
            assertEquals(before, log.position(), netns);
        }
    }

    @Test
    void dataFolderOfAnotherNodeIsRefused() throws Exception {
        add("a", "sa");
        executor.close();
        var others = new Certificates(folder);
        others.authority("ca");
        others.certificate("server", "ca", "CN=server", "-ext", "san=ip:127.0.0.1");
        others.certificate("node", "ca", "CN=node-1,OU=i-2,O=test");

        var failure =
                assertThrows(IOException.class, () -> ExecutorProcess.start(folder, network, server.port(), others));

        assertTrue(failure.getMessage().contains("belongs to node node-1 (instance i-1)"), failure.getMessage());
    }
}
