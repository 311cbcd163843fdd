package io.ledgerway.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Executes the plugin binary as a container runtime does.
public final class Relay {
    private static final Path BINARY = Path.of("target", "ledgerway-cni").toAbsolutePath();
    private final Path socket;

    public Relay(Path socket) {
        this.socket = socket;
    }

    public record Ended(int exitStatus, String output) {}

    public Ended call(Map<String, String> environment, String stdin) {
        ProcessBuilder builder = new ProcessBuilder(BINARY.toString());
        builder.environment().clear();
        builder.environment().put("LEDGERWAY_CNI_SOCKET", socket.toString());
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            try (var out = process.getOutputStream()) {
                out.write(stdin.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedBeforeReading) {
                // VERSION does not read its input.
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            throw new AssertionError(BINARY + " cannot be executed; the build makes it before the tests", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
