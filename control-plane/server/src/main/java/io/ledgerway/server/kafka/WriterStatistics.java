package io.ledgerway.server.kafka;

import java.time.Duration;

/// What a writer has done since it was started. Written by its thread, read by anyone.
public final class WriterStatistics {

    private volatile Snapshot snapshot = new Snapshot(0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

    /// @param appends events' appends and barriers together
    /// @param committing time spent in all commits together
    public record Snapshot(
            long commits,
            long appends,
            long records,
            int lastBatch,
            int largestBatch,
            Duration lastCommit,
            Duration committing) {}

    public Snapshot snapshot() {
        return snapshot;
    }

    void committed(int appends, int records, long nanos) {
        var before = snapshot;
        var took = Duration.ofNanos(nanos);
        snapshot = new Snapshot(
                before.commits + 1,
                before.appends + appends,
                before.records + records,
                appends,
                Math.max(before.largestBatch, appends),
                took,
                before.committing.plus(took));
    }
}
