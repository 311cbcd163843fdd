package io.ledgerway.simulation.vpc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Named network namespaces: make, list, end.
public final class Namespaces {

    /// How long a killed process may take to leave its namespace.
    private static final Duration DEATH = Duration.ofSeconds(5);

    private Namespaces() {}

    public static Path path(String namespace) {
        return Path.of("/run/netns", namespace);
    }

    public static void add(String namespace) {
        Shell.run("ip", "netns", "add", namespace).orThrow();
    }

    public static List<String> withPrefix(String prefix) {
        return Shell.run("ip", "netns", "list")
                .orThrow()
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    /// Removes the namespace with all that is in it, processes too: one left inside would keep it alive without a
    /// name.
    public static void end(String namespace) {
        processesIn(namespace).forEach(Namespaces::kill);
        Shell.run("ip", "netns", "delete", namespace).orThrow();
    }

    static List<ProcessHandle> processesIn(String namespace) {
        var listed = Shell.run("ip", "netns", "pids", namespace);
        // A name without a namespace behind it (a crash between making the one and the other) has no processes.
        return listed.succeeded()
                ? listed.output()
                        .lines()
                        .map(Long::parseLong)
                        .flatMap(pid -> ProcessHandle.of(pid).stream())
                        .toList()
                : List.of();
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        try {
            process.onExit().get(DEATH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("process " + process.pid() + " is alive " + DEATH + " after SIGKILL", e);
        }
    }
}
