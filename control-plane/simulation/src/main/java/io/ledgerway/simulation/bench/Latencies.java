package io.ledgerway.simulation.bench;

import java.time.Duration;
import java.util.List;

/// How long calls of one kind took.
record Latencies(List<Duration> sorted) {

    private static final double NANOSECONDS_PER_MILLISECOND = 1e6;

    Latencies {
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        sorted = sorted.stream().sorted().toList();
    }

    int count() {
        return sorted.size();
    }

    /// In milliseconds the value that `share` of the calls do not exceed: one of those that were measured.
    double percentile(double share) {
        if (share <= 0 || share > 1) {
            throw new IllegalArgumentException("a share is above 0 and at most 1, not " + share);
        }
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(rank - 1).toNanos() / NANOSECONDS_PER_MILLISECOND;
    }

    double median() {
        return percentile(0.5);
    }
}
