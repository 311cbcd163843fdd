package io.ledgerway.simulation.demo;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A simulated node: a network namespace, and the executor that works on it.
public final class Node {

    private static final Duration TO_SERVE = Duration.ofSeconds(60);

    private final String name;
    private final String namespace;
    private final Path socket;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Processes processes;
    private Processes.Running executor;

    Node(
            String name,
            String namespace,
            Path socket,
            List<String> command,
            Map<String, String> environment,
            Processes processes) {
        this.name = name;
        this.namespace = namespace;
        this.socket = socket;
        this.command = List.copyOf(command);
        this.environment = environment;
        this.processes = processes;
    }

    public String name() {
        return name;
    }

    public String namespace() {
        return namespace;
    }

    /// Where its CNI plugin reaches it.
    public Path socket() {
        return socket;
    }

    /// Starts the executor without waiting for it.
    public void startExecutor() {
        executor = processes.start("executor-" + name, command, environment);
    }

    /// Goes on with an executor that an earlier stage has left running; false if there is none.
    public boolean adoptExecutor() {
        var left = processes.running("executor-" + name);
        left.ifPresent(running -> executor = running);
        return left.isPresent();
    }

    public void awaitExecutor() {
        processes.awaitReady(executor, this::serves, TO_SERVE);
    }

    public void killExecutor() {
        processes.kill(executor);
    }

    public void stopExecutor() {
        processes.stop(executor);
    }

    /// The executor that was started last.
    public Processes.Running executor() {
        return executor;
    }

    private boolean serves() {
        if (!Files.exists(socket)) {
            return false;
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException notYet) {
            return false;
        }
    }
}
