package io.ledgerway.node.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.OpenFiles;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CniServerTest {
    private static final String CONFIGURATION =
            "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\",\"type\":\"ledgerway-cni\"}";

    @TempDir
    Path directory;

    private final RecordingHandler handler = new RecordingHandler();
    private CniServer server;
    private CniClient client;

    @BeforeEach
    void start() throws IOException {
        server = CniServer.start(
                new CniServer.Settings(
                        directory.resolve("cni.sock"),
                        Optional.of("pods"),
                        path -> path.startsWith("/netns/") ? Optional.empty() : Optional.of(path + ": no namespace")),
                handler);
        client = new CniClient(server.socket());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        assertFalse(Files.exists(directory.resolve("cni.sock")));
    }

    static Map<String, String> environment(String command) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("CNI_COMMAND", command);
        environment.put("CNI_CONTAINERID", "c1");
        environment.put("CNI_IFNAME", "eth0");
        environment.put("CNI_NETNS", "/netns/c1");
        environment.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=cart-0;K8S_POD_UID=uid-1");
        environment.put("CNI_PATH", "/opt/cni/bin");
        return environment;
    }

    private static Map<String, Object> json(CniClient.Reply reply) throws IOException {
        return Json.parseObject(reply.output().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void assertRefused(int code, String sentence, CniClient.Reply reply) throws IOException {
        Map<String, Object> error = json(reply);
        assertEquals(1, reply.exitStatus());
        assertEquals(code, error.get("code"), reply.output());
        assertTrue(((String) error.get("msg")).contains(sentence), reply.output());
        assertTrue(CniVersion.all().contains(error.get("cniVersion")), reply.output());
        assertEquals(List.of(), handler.calls);
    }

    @Test
    void kubernetesNamesThePodAndItsSettings() throws IOException {
        client.call(
                environment("ADD"),
                "{\"cniVersion\":\"0.4.0\",\"name\":\"pods\",\"dns\":{\"nameservers\":[\"10.0.0.10\"]},"
                        + "\"capabilities\":{\"portMappings\":true}}");

        CniCall.Add add = (CniCall.Add) handler.calls.getFirst();
        assertEquals(
                new PodIdentity("uid-1", "shop", "cart-0", true),
                add.attachment().pod());
        assertEquals("c1", add.attachment().containerId());
        assertEquals("/netns/c1", add.netns());
        assertEquals(List.of("10.0.0.10"), add.network().dns().nameservers());
        assertTrue(add.remaining().toSeconds() > 60);
    }

    @Test
    void plainClientGetsAnIdentityThatItsNextCallHasToo() throws IOException {
        Map<String, String> plain = environment("ADD");
        plain.remove("CNI_ARGS");
        client.call(plain, CONFIGURATION);
        plain.put("CNI_COMMAND", "DEL");
        client.call(plain, CONFIGURATION);

        CniCall.Add add = (CniCall.Add) handler.calls.get(0);
        CniCall.Delete delete = (CniCall.Delete) handler.calls.get(1);
        assertEquals("container-c1", add.attachment().pod().uid());
        assertEquals(add.attachment(), delete.attachment());
        assertFalse(add.attachment().pod().ofKubernetes());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.3.1 | {"cniVersion":"0.3.1","interfaces":[{"name":"lwx","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/netns/c1"}],"ips":[{"version":"4","interface":1,"address":"10.0.0.5/32","gateway":"169.254.1.1"}],"routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"}],"dns":{"search":["local"]}}
            0.4.0 | {"cniVersion":"0.4.0","interfaces":[{"name":"lwx","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/netns/c1"}],"ips":[{"version":"4","interface":1,"address":"10.0.0.5/32","gateway":"169.254.1.1"}],"routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"}],"dns":{"search":["local"]}}
            1.0.0 | {"cniVersion":"1.0.0","interfaces":[{"name":"lwx","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/netns/c1"}],"ips":[{"interface":1,"address":"10.0.0.5/32","gateway":"169.254.1.1"}],"routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"}],"dns":{"search":["local"]}}
            1.1.0 | {"cniVersion":"1.1.0","interfaces":[{"name":"lwx","mac":"02:00:00:00:00:01","mtu":1500},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/netns/c1","mtu":1500}],"ips":[{"interface":1,"address":"10.0.0.5/32","gateway":"169.254.1.1"}],"routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"}],"dns":{"search":["local"]}}
            """)
    void eachVersionGetsItsFormOfTheResult(String version, String expected) throws IOException {
        CniClient.Reply reply = client.call(environment("ADD"), CONFIGURATION.replace("1.0.0", version));

        assertEquals(0, reply.exitStatus(), reply.output());
        assertEquals(expected, reply.output());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ADD   | CNI_CONTAINERID |                   | 4 | CNI_CONTAINERID not set
            ADD   | CNI_NETNS       |                   | 4 | CNI_NETNS not set
            ADD   | CNI_IFNAME      |                   | 4 | CNI_IFNAME not set
            DEL   | CNI_CONTAINERID |                   | 4 | CNI_CONTAINERID not set
            DEL   | CNI_IFNAME      |                   | 4 | CNI_IFNAME not set
            CHECK | CNI_NETNS       |                   | 4 | CNI_NETNS not set
            ADD   | CNI_COMMAND     |                   | 4 | CNI_COMMAND is not set
            ADD   | CNI_COMMAND     | FROB              | 4 | CNI_COMMAND "FROB" is unknown
            ADD   | CNI_NETNS       | /etc/passwd       | 4 | must be the path of the pod's network namespace
            ADD   | CNI_IFNAME      | a/b               | 4 | CNI_IFNAME "a/b" is malformed
            ADD   | CNI_IFNAME      | ..                | 4 | CNI_IFNAME ".." is malformed
            ADD   | CNI_IFNAME      | sixteenletters16  | 4 | is malformed
            ADD   | CNI_CONTAINERID | ../../etc         | 4 | CNI_CONTAINERID "../../etc" is malformed
            ADD   | CNI_ARGS        | K8S_POD_UID       | 4 | it must be NAME=value pairs
            ADD   | CNI_ARGS        | K8S_POD_UID=a/b   | 4 | K8S_POD_UID of CNI_ARGS "a/b" is malformed
            """)
    void wrongVariablesAreRefusedByName(String command, String variable, String value, int code, String sentence)
            throws IOException {
        Map<String, String> environment = environment(command);
        if (value == null) {
            environment.remove(variable);
        } else {
            environment.put(variable, value);
        }

        assertRefused(code, sentence, client.call(environment, CONFIGURATION));
    }

    @Test
    void everyMissingVariableIsNamedAtOnce() throws IOException {
        assertRefused(
                4,
                "CNI_CONTAINERID, CNI_IFNAME, CNI_NETNS not set",
                client.call(Map.of("CNI_COMMAND", "ADD"), CONFIGURATION));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            ADD   | {                                                              | 6  | not a JSON object
            ADD   | []                                                             | 6  | not a JSON object
            ADD   | nonsense                                                       | 6  | not a JSON object
            ADD   | {"cniVersion":"1.0.0","name":"pods"} x                         | 6  | not a JSON object
            ADD   | {"cniVersion":"1.0.0","name":"pods","name":"pods"}             | 6  | not a JSON object
            ADD   | {"name":"pods"}                                                | 1  | CNI version 0.1.0 is not spoken here; set "cniVersion"
            ADD   | {"cniVersion":"9.9.9","name":"pods"}                           | 1  | to one of 0.3.1, 0.4.0, 1.0.0, 1.1.0
            ADD   | {"cniVersion":"1.0.0"}                                         | 7  | has no "name"
            ADD   | {"cniVersion":"1.0.0","name":"other"}                          | 7  | network "other" is not served by this node; its network is "pods"
            CHECK | {"cniVersion":"0.3.1","name":"pods"}                           | 1  | CHECK does not exist in CNI version 0.3.1
            CHECK | {"cniVersion":"1.0.0","name":"pods"}                           | 7  | CHECK needs "prevResult"
            GC    | {"cniVersion":"1.0.0","name":"pods"}                           | 1  | GC does not exist in CNI version 1.0.0
            GC    | {"cniVersion":"1.1.0","name":"pods"}                           | 7  | GC needs the list
            GC    | {"cniVersion":"1.1.0","name":"pods","cni.dev/valid-attachments":[{"ifname":"eth0"}]} | 7 | lacks "containerID"
            STATUS| {"cniVersion":"1.0.0","name":"pods"}                           | 1  | STATUS does not exist in CNI version 1.0.0
            """)
    void wrongConfigurationIsRefusedWithWhatToDo(String command, String stdin, int code, String sentence)
            throws IOException {
        assertRefused(code, sentence, client.call(environment(command), stdin));
    }

    @Test
    void emptyStandardInputAndDeepNestingAreRefused() throws IOException {
        assertRefused(6, "not a JSON object", client.call(environment("ADD"), ""));
        assertRefused(6, "not a JSON object", client.call(environment("ADD"), "{\"a\":" + "[".repeat(100_000)));
    }

    @Test
    void delNeedsNoNamespaceAndAnswersNothing() throws IOException {
        Map<String, String> environment = environment("DEL");
        environment.put("CNI_NETNS", "");
        CniClient.Reply reply = client.call(environment, CONFIGURATION);

        assertEquals(new CniClient.Reply(0, ""), reply);
        assertEquals(Optional.empty(), ((CniCall.Delete) handler.calls.getFirst()).netns());

        environment.put("CNI_NETNS", "/gone");
        assertEquals(0, client.call(environment, CONFIGURATION).exitStatus());
    }

    @Test
    void checkComparesThePreviousResultWithWhatThePodHas() throws IOException {
        String result = client.call(environment("ADD"), CONFIGURATION).output();
        String with = CONFIGURATION.replace("}", ",\"prevResult\":" + result + "}");

        assertEquals(0, client.call(environment("CHECK"), with).exitStatus());
        CniClient.Reply moved = client.call(environment("CHECK"), with.replace("10.0.0.5/32", "10.0.0.6/32"));

        assertEquals(1, moved.exitStatus());
        assertTrue(moved.output().contains("address 10.0.0.5/32"), moved.output());
        assertEquals(103, json(moved).get("code"));
    }

    @Test
    void statusAndGarbageCollectionReachTheHandler() throws IOException {
        String latest = CONFIGURATION.replace("1.0.0", "1.1.0");
        assertEquals(0, client.call(Map.of("CNI_COMMAND", "STATUS"), latest).exitStatus());
        String valid =
                latest.replace("}", ",\"cni.dev/valid-attachments\":[{\"containerID\":\"c1\",\"ifname\":\"eth0\"}]}");
        assertEquals(0, client.call(Map.of("CNI_COMMAND", "GC"), valid).exitStatus());

        CniCall.GarbageCollection collection = (CniCall.GarbageCollection) handler.calls.get(1);
        assertEquals(List.of(new CniCall.ValidAttachment("c1", "eth0")), collection.valid());
    }

    @Test
    void versionIsAnsweredWithoutConfiguration() throws IOException {
        assertEquals(
                "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}",
                client.call(Map.of("CNI_COMMAND", "VERSION"), "").output());
    }

    @Test
    void refusalAndFailureOfTheHandlerBecomeErrors() throws IOException {
        handler.behaviour = () -> {
            throw new CniException(CniErrorCode.TRY_AGAIN_LATER, "no address is free; wait", "pool empty", null);
        };
        Map<String, Object> refusal = json(client.call(environment("ADD"), CONFIGURATION));
        assertEquals(11, refusal.get("code"));
        assertEquals("pool empty", refusal.get("details"));
        assertEquals("1.0.0", refusal.get("cniVersion"));

        handler.behaviour = () -> {
            throw new IllegalStateException("broken");
        };
        assertEquals(100, json(client.call(environment("ADD"), CONFIGURATION)).get("code"));
    }

    @Test
    void callsAboutOneAttachmentComeOneAfterTheOtherAndOthersAtTheSameTime() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        handler.behaviour = () -> await(release);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CniClient.Reply>> replies = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Map<String, String> environment = environment("ADD");
                environment.put("CNI_ARGS", "K8S_POD_UID=uid-" + i);
                replies.add(callers.submit(() -> client.call(environment, CONFIGURATION)));
            }
            // A new sandbox of the same pod is about the same attachment.
            Map<String, String> sameP = environment("DEL");
            sameP.put("CNI_ARGS", "K8S_POD_UID=uid-0");
            sameP.put("CNI_CONTAINERID", "older");
            waitFor(() -> handler.running.get() == 20);
            replies.add(callers.submit(() -> client.call(sameP, CONFIGURATION)));
            waitFor(() -> server.openConnections() == 21);
            assertEquals(20, handler.running.get());
            release.countDown();
            for (Future<CniClient.Reply> reply : replies) {
                assertEquals(0, reply.get().exitStatus());
            }
        }
        assertEquals(21, handler.calls.size());
        List<String> ofTheOnePod = new ArrayList<>();
        for (CniCall call : handler.calls) {
            if (call instanceof CniCall.Delete) {
                ofTheOnePod.add("DEL");
            } else if (call instanceof CniCall.Add add
                    && add.attachment().pod().uid().equals("uid-0")) {
                ofTheOnePod.add("ADD");
            }
        }
        assertEquals(List.of("ADD", "DEL"), ofTheOnePod);
        assertQuiet();
    }

    @Test
    void moreCallsAboutOneAttachmentThanMayWaitAreSentAway() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        handler.behaviour = () -> await(release);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CniClient.Reply>> replies = new ArrayList<>();
            for (int i = 0; i <= KeyedOrder.MAX_WAITING; i++) {
                replies.add(callers.submit(() -> client.call(environment("ADD"), CONFIGURATION)));
            }
            waitFor(() -> server.callsInTurn() == KeyedOrder.MAX_WAITING + 1);

            CniClient.Reply refused = client.call(environment("ADD"), CONFIGURATION);

            assertEquals(11, json(refused).get("code"));
            release.countDown();
            for (Future<CniClient.Reply> reply : replies) {
                assertEquals(0, reply.get().exitStatus());
            }
        }
        assertQuiet();
    }

    @Test
    void connectionsBeyondTheLimitAreToldToTryAgain() throws IOException {
        List<SocketChannel> idle = new ArrayList<>();
        try {
            for (int i = 0; i < CniServer.MAX_CONNECTIONS; i++) {
                idle.add(SocketChannel.open(UnixDomainSocketAddress.of(server.socket())));
            }
            waitFor(() -> server.openConnections() == CniServer.MAX_CONNECTIONS);

            assertRefused(11, "CNI calls are under way already", client.call(environment("ADD"), CONFIGURATION));
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
        assertQuiet();
        assertEquals(0, client.call(environment("ADD"), CONFIGURATION).exitStatus());
    }

    @Test
    void lengthBeyondTheLimitIsRefusedWithoutWaitingForTheRest() throws IOException {
        for (int length : new int[] {Frame.MAX_BYTES + 1, Integer.MAX_VALUE, -1}) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
                channel.write(ByteBuffer.allocate(4).putInt(length).flip());
                byte[] answer = Frame.read(channel);
                assertTrue(new String(answer, 1, answer.length - 1).contains("\"code\":6"));
            }
        }
    }

    @Test
    void callerThatSendsNothingIsCutOffAfterTheLimit() throws IOException {
        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            assertEquals(-1, silent.read(ByteBuffer.allocate(1)));
        }
        assertQuiet();
    }

    @Test
    void randomBytesNeitherCrashNorLeak() throws IOException {
        Random random = new Random(4000);
        int threadsBefore = Thread.activeCount();
        long filesBefore = OpenFiles.count();
        for (int i = 0; i < 4000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            if (i % 2 == 0 && bytes.length >= 4) {
                // A right length, so that what follows is looked at.
                ByteBuffer.wrap(bytes).putInt(bytes.length - 4);
            }
            if (i % 4 == 0 && bytes.length > 40) {
                ByteBuffer.wrap(bytes, 4, 30).put("CNI_COMMAND=ADD\0\0{\"name\":".getBytes());
            }
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
                writeAsFarAsItGoes(channel, bytes);
                channel.shutdownOutput();
                readToTheEnd(channel);
            }
        }
        assertQuiet();
        assertEquals(List.of(), handler.calls);
        assertEquals(filesBefore, OpenFiles.count());
        assertEquals(threadsBefore, Thread.activeCount());
        assertEquals(0, client.call(environment("ADD"), CONFIGURATION).exitStatus());
    }

    private static void writeAsFarAsItGoes(SocketChannel channel, byte[] bytes) {
        try {
            channel.write(ByteBuffer.wrap(bytes));
        } catch (IOException refusedEarly) {
            // The answer to a length that is too big comes before the rest is sent.
        }
    }

    private static void readToTheEnd(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                assertTrue(buffer.position() > 0);
            }
        } catch (IOException closedWithUnreadBytes) {
            // As good as an end.
        }
    }

    private void assertQuiet() {
        waitFor(() -> server.openConnections() == 0 && server.callsInTurn() == 0);
    }

    @Test
    void onlyTheOwnerMayConnect() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket())));
    }

    @Test
    void socketOfALivingExecutorIsNotTakenOverButThatOfADeadOneIs() throws IOException {
        CniServer.Settings settings =
                new CniServer.Settings(server.socket(), Optional.empty(), path -> Optional.empty());
        IOException refused = assertThrows(IOException.class, () -> CniServer.start(settings, handler));
        assertTrue(refused.getMessage().contains("another executor serves"), refused.getMessage());
        assertEquals(0, client.call(environment("ADD"), CONFIGURATION).exitStatus());

        Path stale = directory.resolve("stale.sock");
        try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }
        assertTrue(Files.exists(stale));
        try (CniServer next =
                CniServer.start(new CniServer.Settings(stale, Optional.empty(), path -> Optional.empty()), handler)) {
            assertEquals(
                    0,
                    new CniClient(next.socket())
                            .call(environment("ADD"), CONFIGURATION)
                            .exitStatus());
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void waitFor(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the condition did not come true in 20 s");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
