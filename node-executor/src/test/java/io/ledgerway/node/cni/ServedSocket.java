package io.ledgerway.node.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A server with a handler that keeps every call, and what a test says to it.
final class ServedSocket implements AutoCloseable {
    static final String CONFIGURATION = "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\",\"type\":\"ledgerway-cni\"}";

    final RecordingHandler handler = new RecordingHandler();
    final CniServer server;
    final CniClient client;

    ServedSocket(Path directory) throws IOException {
        server = CniServer.start(
                new CniServer.Settings(
                        directory.resolve("cni.sock"),
                        Optional.of("pods"),
                        path -> path.startsWith("/netns/") ? Optional.empty() : Optional.of(path + ": no namespace")),
                handler);
        client = new CniClient(server.socket());
    }

    @Override
    public void close() throws IOException {
        server.close();
        assertFalse(Files.exists(server.socket()));
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

    static Map<String, Object> json(CniClient.Reply reply) throws IOException {
        return Json.parseObject(reply.output().getBytes(StandardCharsets.UTF_8));
    }

    void assertRefused(int code, String sentence, CniClient.Reply reply) throws IOException {
        Map<String, Object> error = json(reply);
        assertEquals(1, reply.exitStatus());
        assertEquals(code, error.get("code"), reply.output());
        assertTrue(((String) error.get("msg")).contains(sentence), reply.output());
        assertTrue(CniVersion.all().contains(error.get("cniVersion")), reply.output());
        assertEquals(List.of(), handler.calls);
    }

    void assertQuiet() {
        waitFor(() -> server.openConnections() == 0 && server.callsInTurn() == 0);
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
