package io.ledgerway.node.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.Relay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayTest {
    private static final String CONFIGURATION = "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\"}";

    @TempDir
    Path directory;

    private final RecordingHandler handler = new RecordingHandler();

    private CniServer start() throws IOException {
        return CniServer.start(new CniServer.Settings(socket(), Optional.empty(), path -> Optional.empty()), handler);
    }

    private Path socket() {
        return directory.resolve("cni.sock");
    }

    @Test
    void answerAndExitStatusAreThoseOfTheExecutor() throws IOException {
        try (CniServer server = start()) {
            Relay relay = new Relay(server.socket());
            Map<String, String> environment = ServedSocket.environment("ADD");
            assertEquals(
                    new CniClient(server.socket())
                            .call(environment, CONFIGURATION)
                            .output(),
                    relay.call(environment, CONFIGURATION).output());

            handler.behaviour = () -> {
                throw new CniException(CniErrorCode.TRY_AGAIN_LATER, "wait");
            };
            Relay.Ended refused = relay.call(environment, CONFIGURATION);
            assertEquals(1, refused.exitStatus());
            assertTrue(refused.output().contains("\"code\":11"), refused.output());

            handler.behaviour = () -> {};
            assertEquals(new Relay.Ended(0, ""), relay.call(ServedSocket.environment("DEL"), CONFIGURATION));
        }
    }

    @Test
    void onlyCniVariablesTravel() throws IOException {
        try (CniServer server = start()) {
            Map<String, String> environment = ServedSocket.environment("ADD");
            for (int i = 0; i < 4; i++) {
                // Together more than a frame may hold.
                environment.put("OTHER_" + i, "x".repeat(100_000));
            }
            assertEquals(
                    0,
                    new Relay(server.socket()).call(environment, CONFIGURATION).exitStatus());
        }
    }

    @Test
    void versionIsTheExecutorsButNeedsNone() throws IOException {
        Relay.Ended alone = new Relay(socket()).call(Map.of("CNI_COMMAND", "VERSION"), "{\"cniVersion\":\"1.0.0\"}");
        try (CniServer server = start()) {
            CniClient.Reply served = new CniClient(server.socket()).call(Map.of("CNI_COMMAND", "VERSION"), "");
            assertEquals(served.output(), alone.output());
            assertEquals(0, alone.exitStatus());
        }
    }

    @Test
    void absentExecutorIsErrorElevenAfterTwoSeconds() throws IOException {
        long start = System.nanoTime();
        Relay.Ended ended = new Relay(socket()).call(ServedSocket.environment("ADD"), CONFIGURATION);
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertEquals(1, ended.exitStatus());
        Map<String, Object> error = Json.parseObject(ended.output().getBytes());
        assertEquals(11, error.get("code"));
        assertTrue(took.toMillis() >= 1900, took.toString());
    }

    @Test
    void executorThatStartsMeanwhileIsReached() throws Exception {
        CompletableFuture<Relay.Ended> ended = CompletableFuture.supplyAsync(
                () -> new Relay(socket()).call(ServedSocket.environment("ADD"), CONFIGURATION));
        try (CniServer server = start()) {
            assertEquals(0, ended.get().exitStatus());
            assertEquals(socket(), server.socket());
        }
    }

    @Test
    void executorThatDiesDuringTheCallIsErrorEleven() throws IOException, ExecutionException, InterruptedException {
        CompletableFuture<Void> release = new CompletableFuture<>();
        handler.behaviour = release::join;
        CniServer server = start();
        CompletableFuture<Relay.Ended> ended = CompletableFuture.supplyAsync(
                () -> new Relay(socket()).call(ServedSocket.environment("ADD"), CONFIGURATION));
        ServedSocket.waitFor(() -> handler.running.get() == 1);

        server.close();

        assertTrue(ended.get().output().contains("\"code\":11"), ended.get().output());
        release.complete(null);
    }

    @Test
    void inputBeyondTheLimitIsRefusedAndInputUpToItIsNot() throws IOException {
        try (CniServer server = start()) {
            Relay relay = new Relay(server.socket());
            String padded = CONFIGURATION.replace("}", ",\"x\":\"" + "y".repeat(250_000) + "\"}");
            assertEquals(0, relay.call(ServedSocket.environment("ADD"), padded).exitStatus());
            Relay.Ended refused = relay.call(ServedSocket.environment("ADD"), padded + " ".repeat(20_000));
            assertEquals(1, refused.exitStatus());
            assertTrue(refused.output().contains("\"code\":5"), refused.output());
        }
    }
}
