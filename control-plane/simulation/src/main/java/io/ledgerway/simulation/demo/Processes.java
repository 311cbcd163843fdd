package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.vpc.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// The processes that the demo starts, kills and starts again. Each is written down as the launcher writes down its
/// own (process id, start time, moment), so that the launcher shows and stops what a killed or kept demo leaves.
public final class Processes implements AutoCloseable {

    private static final Duration TO_END = Duration.ofSeconds(15);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final int LOG_LINES_SHOWN = 12;
    private static final int LOG_COLUMNS_SHOWN = 240;
    private static final int STATE_FIELD = 0;
    private static final int START_TIME_FIELD = 19;

    private final Path records;
    private final Path logs;
    private final Map<String, Running> running = new LinkedHashMap<>();
    private final Set<String> logged = new LinkedHashSet<>();

    public record Running(String name, ProcessHandle handle, Path log) {}

    public Processes(Path records, Path logs) {
        this.records = records;
        this.logs = logs;
        try {
            Files.createDirectories(records);
            Files.createDirectories(logs);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + records + " or " + logs, e);
        }
    }

    /// Starts a process that outlives this one; a leftover of the same name is ended first.
    public Running start(String name, List<String> command, Map<String, String> environment) {
        endLeftover(name);
        var log = logs.resolve(name + ".log");
        if (logged.add(name)) {
            putAside(log);
        }
        var detached = new ArrayList<String>();
        // A session of its own: an interrupt typed at the terminal is for the demo, which then ends it in order.
        detached.add("setsid");
        detached.addAll(command);
        var builder = new ProcessBuilder(detached)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            var handle = builder.start().toHandle();
            writeDown(name, handle);
            var started = new Running(name, handle, log);
            running.put(name, started);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + " with " + String.join(" ", command), e);
        }
    }

    /// One that the launcher has started and will stop: closing this does not end it.
    public Running launched(String name) {
        var handle = recorded(name)
                .orElseThrow(() -> new IllegalStateException("the launcher should have started " + name + ", but in "
                        + records + " no living process of that name is written down"));
        return new Running(name, handle, logs.resolve(name + ".log"));
    }

    /// Starts again what the launcher had started, and will stop.
    public Running relaunch(String name, List<String> command) {
        var started = start(name, command, Map.of());
        running.remove(name);
        return started;
    }

    /// One that an earlier run has left running, if it is alive. It stays when this object is closed.
    public Optional<Running> running(String name) {
        return recorded(name).map(handle -> new Running(name, handle, logs.resolve(name + ".log")));
    }

    /// Where a process is reached, in words for the launcher's `status`.
    void writeDownAddress(String name, String address) {
        var file = records.resolve(name + ".address");
        try {
            Files.writeString(file, address + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("the address of " + name + " cannot be written to " + file, e);
        }
    }

    /// Waits until a process serves. One that ends instead, or takes too long, is shown with the end of its log.
    public void awaitReady(Running process, BooleanSupplier ready, Duration limit) {
        var outcome = await(() -> !process.handle().isAlive() || ready.getAsBoolean(), limit);
        if (!process.handle().isAlive()) {
            throw new IllegalStateException(process.name() + " ended while starting; " + endOfLog(process));
        }
        if (!outcome) {
            throw new IllegalStateException(
                    process.name() + " was not ready after " + limit.toSeconds() + " s; " + endOfLog(process));
        }
    }

    /// SIGKILL: the process gets no chance to put anything in order.
    public void kill(Running process) {
        process.handle().destroyForcibly();
        awaitEnd(process);
        forget(process);
    }

    /// SIGKILL for the process and for all that it has started.
    public void killWhole(Running process) {
        var children = process.handle().descendants().toList();
        kill(process);
        children.forEach(ProcessHandle::destroyForcibly);
        for (var child : children) {
            if (!ended(child, TO_END)) {
                throw new IllegalStateException(
                        "process " + child.pid() + " of " + process.name() + " is alive after SIGKILL");
            }
        }
    }

    /// SIGSTOP: the process is there and does nothing, so that whoever asks it hears neither an answer nor an end.
    public void pause(Running process) {
        signal(process, "STOP");
    }

    /// SIGCONT: it goes on as if no time had passed.
    public void resume(Running process) {
        signal(process, "CONT");
    }

    private static void signal(Running process, String signal) {
        // The shell's own kill: a bare Debian has no other.
        Shell.run("sh", "-c", "kill -" + signal + " " + process.handle().pid()).orThrow();
    }

    /// SIGTERM, and SIGKILL for one that does not listen.
    public void stop(Running process) {
        process.handle().destroy();
        if (!ended(process.handle(), TO_END)) {
            process.handle().destroyForcibly();
        }
        awaitEnd(process);
        forget(process);
    }

    /// Leaves everything running, for the launcher to stop.
    public void keep() {
        running.clear();
    }

    /// Stops what runs, the last started first; nobody waits for another one's end.
    @Override
    public void close() {
        List.copyOf(running.values())
                .reversed()
                .forEach(process -> process.handle().destroy());
        for (var process : List.copyOf(running.values()).reversed()) {
            stop(process);
        }
    }

    /// Whether the condition came to hold within the limit.
    public static boolean await(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }
        return true;
    }

    /// What an earlier demo wrote must not be taken for this one's; a restart within one goes on in the same log.
    private static void putAside(Path log) {
        try {
            if (Files.exists(log)) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot put " + log + " aside", e);
        }
    }

    private void endLeftover(String name) {
        recorded(name).ifPresent(leftover -> {
            leftover.destroyForcibly();
            if (!ended(leftover, TO_END)) {
                throw new IllegalStateException(
                        "a " + name + " of an earlier run, process " + leftover.pid() + ", cannot be ended");
            }
        });
    }

    private Optional<ProcessHandle> recorded(String name) {
        var record = records.resolve(name + ".process");
        try {
            if (!Files.exists(record)) {
                return Optional.empty();
            }
            var words = Files.readString(record).strip().split(" ");
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(handle -> startTicks(handle.pid()).equals(Optional.of(words[1])));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + record, e);
        }
    }

    private void writeDown(String name, ProcessHandle handle) throws IOException {
        var record = records.resolve(name + ".process");
        var fresh = records.resolve(name + ".process.new");
        var now = System.currentTimeMillis() * 1_000_000 + System.nanoTime() % 1_000_000;
        Files.writeString(fresh, handle.pid() + " " + startTicks(handle.pid()).orElse("0") + " " + now + "\n");
        Files.move(fresh, record, StandardCopyOption.ATOMIC_MOVE);
    }

    /// When the process started, in the kernel's ticks; empty if there is none or only its remains. An id alone may
    /// belong to another process by now.
    private static Optional<String> startTicks(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[STATE_FIELD].equals("Z") ? Optional.empty() : Optional.of(fields[START_TIME_FIELD]);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private void awaitEnd(Running process) {
        if (!ended(process.handle(), TO_END)) {
            throw new IllegalStateException(
                    process.name() + ", process " + process.handle().pid() + ", is alive after SIGKILL");
        }
    }

    private static boolean ended(ProcessHandle handle, Duration limit) {
        return await(() -> startTicks(handle.pid()).isEmpty() || !handle.isAlive(), limit);
    }

    private void forget(Running process) {
        running.remove(process.name());
        try {
            Files.deleteIfExists(records.resolve(process.name() + ".process"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the record of " + process.name(), e);
        }
    }

    private static String endOfLog(Running process) {
        try {
            var lines = Files.readAllLines(process.log());
            var last = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
            return "the end of " + process.log() + ":\n"
                    + last.stream()
                            .map(line -> line.substring(0, Math.min(line.length(), LOG_COLUMNS_SHOWN)))
                            .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return process.log() + " cannot be read: " + e.getMessage();
        }
    }
}
