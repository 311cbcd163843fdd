package io.ledgerway.simulation.vpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Runs iproute2, nft and their like as processes. The box judges the executor's own netlink code, so it shares
/// nothing with it.
public final class Shell {

    /// No command of the box takes longer than milliseconds; one that does is stuck.
    static final Duration LIMIT = Duration.ofSeconds(20);

    private Shell() {}

    /// What a process left behind.
    public record Outcome(List<String> command, int status, String output, String errors) {

        public boolean succeeded() {
            return status == 0;
        }

        /// The standard output, or an exception that says what was run and what it answered.
        public String orThrow() {
            if (status != 0) {
                throw new ShellException(
                        String.join(" ", command) + " ended with status " + status + ": " + errors.strip());
            }
            return output;
        }
    }

    /// A command that failed, with what it said.
    public static final class ShellException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ShellException(String message) {
            super(message);
        }
    }

    /// Runs a command without input.
    public static Outcome run(String... command) {
        return run("", List.of(command));
    }

    /// Feeds a script to `sh -e` inside the named network namespace.
    public static Outcome inNamespace(String namespace, String script) {
        return run(script, entering(namespace, List.of("sh", "-e")));
    }

    /// The command line that runs another one inside the named network namespace. Not `ip netns exec`, which also
    /// replaces /sys by a fresh mount and so hides what is mounted below it.
    public static List<String> entering(String namespace, List<String> command) {
        var whole = new ArrayList<String>();
        whole.add("nsenter");
        whole.add("--net=" + Namespaces.path(namespace));
        whole.add("--");
        whole.addAll(command);
        return List.copyOf(whole);
    }

    public static Outcome run(String input, List<String> command) {
        return run(input, command, LIMIT);
    }

    public static Outcome run(String input, List<String> command, Duration limit) {
        try {
            var process = new ProcessBuilder(command).start();
            var output = reading(process.getInputStream());
            var errors = reading(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException closedEarly) {
                // The process ended before it read everything; its status and its errors say why.
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new ShellException(String.join(" ", command) + " had not ended after " + limit);
            }
            return new Outcome(command, process.exitValue(), output.get(), errors.get());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShellException("interrupted while waiting for " + String.join(" ", command));
        } catch (ExecutionException e) {
            throw new ShellException("cannot read what " + String.join(" ", command) + " says: " + e.getCause());
        }
    }

    private static FutureTask<String> reading(InputStream stream) {
        var task = new FutureTask<>(() -> new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        Thread.ofVirtual().start(task);
        return task;
    }
}
