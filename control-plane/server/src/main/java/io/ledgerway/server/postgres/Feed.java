package io.ledgerway.server.postgres;

import io.ledgerway.domain.Envelope;
import io.ledgerway.server.run.CommittedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The records of all partitions in one queue, each partition's in order. When the queue is full the log's threads
/// wait.
final class Feed implements AutoCloseable {

    /// Records that are read ahead.
    private static final int MOST_WAITING = 4 * Batch.MOST_RECORDS;

    /// How often a thread that waits for room looks whether it is still wanted.
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /// What a partition may take to find out that it is served elsewhere.
    private static final Duration TO_CONFIRM = Duration.ofSeconds(5);

    private final ArrayBlockingQueue<Envelope> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final CommittedLog log;
    private final List<CommittedLog.Subscription> subscriptions = new ArrayList<>();
    private final Map<Integer, Reached> toRecognise = new HashMap<>();
    private volatile boolean closed;

    /// Begins with the last record that was projected, so that the log is known again by it.
    Feed(CommittedLog log, Iterable<Reached> from) {
        this.log = log;
        for (var reached : from) {
            reached.last().ifPresent(last -> toRecognise.put(reached.partition(), reached));
            subscriptions.add(
                    log.subscribe(reached.partition(), Math.max(0, reached.next() - 1), this::putWhenThereIsRoom));
        }
    }

    /// The next records, at most one batch; none if none came within `patience`.
    ///
    /// @throws OtherLog if the log does not contain what was projected
    /// @throws IllegalStateException if the log can no longer be read
    List<Envelope> next(Duration patience) throws InterruptedException {
        var first = waiting.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            throwFailures();
            refuseShorterLog();
            return List.of();
        }
        var records = new ArrayList<Envelope>();
        records.add(first);
        waiting.drainTo(records, Batch.MOST_RECORDS - 1);
        records.removeIf(this::isRecognised);
        return records;
    }

    private boolean isRecognised(Envelope record) {
        var reached = toRecognise.remove(record.partition());
        if (reached == null) {
            return false;
        }
        reached.recognise(record);
        return true;
    }

    private void throwFailures() {
        for (var subscription : subscriptions) {
            var failure = subscription.failure();
            if (failure.isPresent()) {
                throw new IllegalStateException("the log can no longer be read: " + failure.get(), failure.get());
            }
        }
    }

    /// A partition that another owner has taken over unseen looks shorter than it is, so it is asked before it is
    /// refused.
    private void refuseShorterLog() throws InterruptedException {
        for (var reached : toRecognise.values()) {
            var committed = log.committed(reached.partition());
            if (committed.isPresent() && committed.getAsLong() < reached.next()) {
                long confirmed = confirmed(reached.partition());
                if (confirmed < reached.next()) {
                    throw new OtherLog("partition " + reached.partition() + " of the log has " + confirmed
                            + " records, but " + reached.next()
                            + " were projected from it: PostgreSQL holds the projection of another log; rebuild it, or"
                            + " point at the right log");
                }
            }
        }
    }

    private long confirmed(int partition) throws InterruptedException {
        try {
            return log.confirm(partition).get(TO_CONFIRM.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "partition " + partition + " is behind its projection and was asked whether another owner has it: "
                            + e.getCause(),
                    e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "partition " + partition + " is behind its projection and has not said after "
                            + TO_CONFIRM.toSeconds() + " s whether another owner has it",
                    e);
        }
    }

    private void putWhenThereIsRoom(Envelope record) {
        try {
            while (!closed && !waiting.offer(record, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                // The projection is slower than the log, or PostgreSQL is away.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        subscriptions.forEach(CommittedLog.Subscription::close);
    }
}
