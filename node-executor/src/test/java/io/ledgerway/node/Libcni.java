package io.ledgerway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The library by which container runtimes call plugins, as a program (`testing/libcni`) that is built where there is a
/// Go to build it with.
final class Libcni {

    private static final Path SOURCES =
            Path.of("..", "testing", "libcni").toAbsolutePath().normalize();
    private static final Path PROGRAM = Path.of("target", "libcni").toAbsolutePath();

    /// What `go.mod` asks for: 1.22.
    private static final int OLDEST_GO = 22;

    private Libcni() {}

    /// Ends the test as skipped, with the reason, where the program cannot be had.
    static void build() throws IOException, InterruptedException {
        var go = go();
        assumeTrue(go.isPresent(), "there is no go to build the independent CNI client with");
        var version = run(go.get(), "env", "GOVERSION").output();
        var minor = Pattern.compile("go1\\.([0-9]+).*").matcher(version);
        assumeTrue(
                minor.matches() && Integer.parseInt(minor.group(1)) >= OLDEST_GO,
                "the independent CNI client needs go 1." + OLDEST_GO + " or later, and this is " + version);
        var modules = run(go.get(), "mod", "download");
        assumeTrue(modules.exitStatus() == 0, "its Go modules cannot be had: " + modules.output());
        var built = run(go.get(), "build", "-trimpath", "-buildvcs=false", "-o", PROGRAM.toString(), ".");
        assertEquals(0, built.exitStatus(), built.output());
    }

    private static Optional<String> go() {
        for (var folder : (System.getenv().getOrDefault("PATH", "") + ":/usr/local/go/bin").split(":")) {
            var candidate = Path.of(folder, "go");
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate.toString());
            }
        }
        return Optional.empty();
    }

    private static Relay.Ended run(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(SOURCES.toFile()).redirectErrorStream(true);
        builder.environment().put("CGO_ENABLED", "0");
        builder.environment().put("GOTOOLCHAIN", "local");
        return end(builder.start());
    }

    private static Relay.Ended end(Process process) throws IOException, InterruptedException {
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Relay.Ended(process.waitFor(), output.strip());
    }

    /// @param settings see `testing/libcni/main.go`
    static Relay.Ended call(String verb, Path socket, Map<String, String> settings) {
        var builder = new ProcessBuilder(PROGRAM.toString(), verb);
        builder.environment().putAll(new LinkedHashMap<>(settings));
        builder.environment().put("LEDGERWAY_CNI_SOCKET", socket.toString());
        builder.environment()
                .put("JUDGE_PLUGINS", Path.of("target").toAbsolutePath().toString());
        builder.redirectErrorStream(true);
        try {
            return end(builder.start());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
