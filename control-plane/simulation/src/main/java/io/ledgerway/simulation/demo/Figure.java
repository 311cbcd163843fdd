package io.ledgerway.simulation.demo;

import java.time.Duration;
import java.util.List;

/// A measured number.
public record Figure(String name, String unit, double value) {

    /// The value that `share` of the sorted measurements do not exceed, in milliseconds.
    public static Figure percentile(String name, List<Duration> measured, double share) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured for " + name);
        }
        var sorted = measured.stream().sorted().toList();
        int rank = (int) Math.ceil(share * sorted.size());
        var at = sorted.get(Math.max(0, rank - 1));
        return new Figure(name, "ms", Math.round(at.toNanos() / 10_000.0) / 100.0);
    }
}
