package io.ledgerway.simulation.demo;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A simulated node: a network namespace, and the executor that works on it.
public final class Node {

    private static final Duration TO_SERVE = Duration.ofSeconds(60);

    private final Identity identity;
    private final String namespace;
    private final Path socket;
    private final Path disk;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Processes processes;
    private Map<String, String> extra = Map.of();
    private Processes.Running executor;

    /// Who it is.
    ///
    /// @param process what its executor is called among the processes that run
    record Identity(String name, String instance, String process) {}

    Node(
            Identity identity,
            String namespace,
            Path socket,
            Path disk,
            List<String> command,
            Map<String, String> environment,
            Processes processes) {
        this.identity = identity;
        this.namespace = namespace;
        this.socket = socket;
        this.disk = disk;
        this.command = List.copyOf(command);
        this.environment = environment;
        this.processes = processes;
    }

    public String name() {
        return identity.name();
    }

    /// The id of its instance in the cloud.
    public String instance() {
        return identity.instance();
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
        var settings = new LinkedHashMap<>(environment);
        settings.putAll(extra);
        executor = processes.start(identity.process(), command, settings);
    }

    /// Settings that its executor gets at its next starts beside and before its own; none of those given before.
    public void startWith(Map<String, String> settings) {
        extra = Map.copyOf(settings);
    }

    /// Stops the executor in order and starts it with its own settings alone.
    public void restartExecutor() {
        startWith(Map.of());
        stopExecutor();
        startExecutor();
        awaitExecutor();
    }

    /// Goes on with an executor that an earlier stage has left running; false if there is none.
    public boolean adoptExecutor() {
        var left = processes.running(identity.process());
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

    /// SIGSTOP.
    public void pauseExecutor() {
        processes.pause(executor);
    }

    public void resumeExecutor() {
        processes.resume(executor);
    }

    /// The folder in which the executor keeps what must outlive it.
    public Path disk() {
        return disk;
    }

    /// Puts a copy of another node's disk in the place of its own, which is kept aside; the executor must not run.
    public void swapDisk(Node other) {
        putDiskAside();
        takeDisk(other);
    }

    /// Keeps a copy of its disk for [#restoreDisk].
    public void putDiskAside() {
        var aside = aside();
        Nodes.makeFolder(aside);
        Folders.empty(aside);
        Folders.copy(disk, aside);
    }

    /// The file with what it did alone.
    public Path journal() {
        return disk.resolve("journal");
    }

    /// Puts only another node's journal in the place of its own; its whole disk is kept aside. The executor must not
    /// run.
    public void swapJournal(Node other) {
        putDiskAside();
        Folders.copyFile(other.journal(), journal());
    }

    /// A copy of another node's disk in the place of its own, which nobody needs any more.
    public void takeDisk(Node other) {
        Folders.empty(disk);
        Folders.copy(other.disk, disk);
    }

    /// Its own disk again, as it was put aside.
    public void restoreDisk() {
        Folders.empty(disk);
        Folders.copy(aside(), disk);
    }

    private Path aside() {
        return disk.resolveSibling("disk-aside");
    }

    /// Everything on it is gone, as on a new disk; the executor must not run.
    public void loseDisk() {
        Folders.empty(disk);
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
