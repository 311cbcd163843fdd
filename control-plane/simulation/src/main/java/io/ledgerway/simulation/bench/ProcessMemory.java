package io.ledgerway.simulation.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The memory of a process as the kernel counts it, in megabytes of a million bytes.
final class ProcessMemory {

    private static final double KIBIBYTE = 1024;
    private static final double MEGABYTE = 1e6;

    /// What the kernel is told so that the highest value begins anew.
    private static final String FORGET_HIGHEST = "5";

    private final long pid;

    ProcessMemory(long pid) {
        this.pid = pid;
    }

    double resident() {
        return of("VmRSS", status());
    }

    /// The most since its start, or since it was told to forget that.
    double highest() {
        return of("VmHWM", status());
    }

    void forgetHighest() {
        var file = file("clear_refs");
        try {
            Files.writeString(file, FORGET_HIGHEST);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + file + "; the process may have ended", e);
        }
    }

    private List<String> status() {
        var file = file("status");
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + "; the process may have ended", e);
        }
    }

    private Path file(String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }

    /// The kernel counts in 1024.
    static double of(String name, List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .mapToDouble(kibibytes -> kibibytes * KIBIBYTE / MEGABYTE)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " in the status of a process: " + status));
    }
}
