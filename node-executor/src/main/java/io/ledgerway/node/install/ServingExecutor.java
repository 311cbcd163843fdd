package io.ledgerway.node.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Asks the executor for its STATUS through the relay, as a runtime would. Its socket appears when its self-test has
/// passed, so an answer of its own proves that; one that no pod can be added just now does as well.
final class ServingExecutor implements Installation.Probe {

    private static final Duration PAUSE = Duration.ofMillis(200);

    /// The relay gives up on a socket after 2 s, on an answer after 90 s.
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    private static final Pattern NOT_AVAILABLE = Pattern.compile("\"code\":50[,}]");

    private final Path socket;
    private final String network;
    private final Duration limit;

    ServingExecutor(Path socket, String network, Duration limit) {
        this.socket = socket;
        this.network = network;
        this.limit = limit;
    }

    @Override
    public Optional<String> trouble(Path relay) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            var trouble = ask(relay);
            if (trouble.isEmpty() || System.nanoTime() - end > 0) {
                return trouble;
            }
            Thread.sleep(PAUSE);
        }
    }

    private Optional<String> ask(Path relay) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(relay.toString()).redirectErrorStream(false);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("CNI_"));
        builder.environment().put("CNI_COMMAND", "STATUS");
        builder.environment().put("LEDGERWAY_CNI_SOCKET", socket.toString());
        var process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(("{\"cniVersion\":\"1.1.0\",\"name\":\"" + network + "\",\"type\":\"" + Installation.RELAY + "\"}")
                    .getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedBefore) {
            // Its answer says why.
        }
        if (!process.waitFor(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
            return Optional.of("no answer to STATUS at " + socket + " after " + ANSWER_LIMIT.toSeconds() + " s");
        }
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.exitValue() == 0 || NOT_AVAILABLE.matcher(answer).find()) {
            return Optional.empty();
        }
        return Optional.of("STATUS through " + relay + " at " + socket + " was answered with exit status "
                + process.exitValue() + " and " + (answer.isEmpty() ? "nothing" : answer));
    }
}
