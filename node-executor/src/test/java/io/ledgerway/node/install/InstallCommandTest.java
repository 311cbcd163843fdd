package io.ledgerway.node.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.cni.CniCall;
import io.ledgerway.node.cni.CniErrorCode;
import io.ledgerway.node.cni.CniException;
import io.ledgerway.node.cni.CniHandler;
import io.ledgerway.node.cni.CniResult;
import io.ledgerway.node.cni.CniServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command as somebody types it, with the relay that the build has made and an executor's socket.
@Timeout(60)
class InstallCommandTest {

    private static final Path RELAY = Path.of("target", "ledgerway-cni").toAbsolutePath();

    @TempDir
    Path directory;

    private Folders node;
    private Path socket;

    @BeforeEach
    void prepare() throws IOException {
        node = new Folders(directory);
        socket = directory.resolve("cni.sock");
    }

    private int run(String verb, String... more) {
        var arguments = new ArrayList<>(
                List.of(verb, "--cni-bin", node.binaries.toString(), "--cni-conf", node.configurations.toString()));
        arguments.addAll(List.of(more));
        return InstallCommand.run(arguments.toArray(String[]::new));
    }

    private int install(String... more) {
        var arguments =
                new ArrayList<>(List.of("--relay", RELAY.toString(), "--socket", socket.toString(), "--wait", "0s"));
        arguments.addAll(List.of(more));
        return run("install", arguments.toArray(String[]::new));
    }

    private CniServer serve(String network, Runnable status) throws IOException {
        return CniServer.start(
                new CniServer.Settings(socket, Optional.of(network), path -> Optional.empty()), new Standing(status));
    }

    /// Answers STATUS alone.
    private record Standing(Runnable behaviour) implements CniHandler {
        @Override
        public CniResult add(CniCall.Add call) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(CniCall.Delete call) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CniResult check(CniCall.Check call) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void status(CniCall.Status call) {
            behaviour.run();
        }

        @Override
        public void collect(CniCall.GarbageCollection call) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void executorThatServesGetsItsConflistAndUninstallTakesItAway() throws IOException {
        var before = node.everything();
        try (var _ = serve("ledgerway", () -> {})) {
            assertEquals(0, install());
        }

        assertEquals(-1, Files.mismatch(RELAY, node.binary()));
        assertEquals(
                "{\n  \"cniVersion\": \"1.0.0\",\n  \"name\": \"ledgerway\",\n  \"plugins\": [{\"type\": \"ledgerway-cni\"}]\n}\n",
                Files.readString(node.list()));
        assertEquals(0, run("uninstall"));
        assertEquals(before, node.everything());
    }

    @Test
    void executorThatCanGiveNoAddressNowServesAllTheSame() throws IOException {
        try (var _ = serve("ledgerway", () -> {
            throw new CniException(CniErrorCode.NOT_AVAILABLE, "the pool is empty");
        })) {
            assertEquals(0, install());
        }

        assertTrue(Files.exists(node.list()));
    }

    @Test
    void nobodyOrAnExecutorOfAnotherNetworkGetsNoConflist() throws IOException {
        assertEquals(1, install());
        assertFalse(Files.exists(node.list()));
        try (var _ = serve("other", () -> {})) {
            assertEquals(1, install());
        }
        assertFalse(Files.exists(node.list()));
        assertTrue(Files.exists(node.binary()));
    }

    @Test
    void relayThatIsNoneIsRefused() {
        assertEquals(1, install("--relay", directory.resolve("nowhere").toString()));
        assertEquals(1, install("--relay", "/etc/passwd"));
        assertFalse(Files.exists(node.binary()));
    }

    @ParameterizedTest
    @CsvSource({
        "--conflist, ../escape.conflist",
        "--conflist, ledgerway.conf",
        "--conflist, ''",
        "--network, 'a\"b'",
        "--cni-version, 2.0.0",
        "--wait, soon",
        "--wait, -1s",
        "--socket, ''",
        "--frobnicate, 1"
    })
    void wrongUsageIsSaidAndChangesNothing(String option, String value) throws IOException {
        var before = node.everything();

        assertEquals(2, install(option, value));

        assertEquals(before, node.everything());
    }

    @Test
    void verbsAndValuesMayNotBeMissing() {
        assertEquals(2, InstallCommand.run());
        assertEquals(2, InstallCommand.run("reinstall"));
        assertEquals(2, InstallCommand.run("install", "--network"));
        assertEquals(2, run("uninstall", "--network", "ledgerway"));
    }
}
