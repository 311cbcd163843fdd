package io.ledgerway.simulation.replay;

import io.ledgerway.domain.Envelope;
import io.ledgerway.server.axon.EnvelopeRecords;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.PartitionReader;
import io.ledgerway.server.run.CommittedLog;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/// The log as any reader can follow it, without owning a partition of it.
final class FollowedLog implements CommittedLog {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final long UNKNOWN = -1;

    private final LogSettings settings;
    /// How many records each partition had when it was last read to its end.
    private final AtomicLongArray ends;

    FollowedLog(LogSettings settings, int partitions) {
        this.settings = settings;
        this.ends = new AtomicLongArray(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            ends.set(partition, UNKNOWN);
        }
    }

    @Override
    public int partitions() {
        return ends.length();
    }

    @Override
    public OptionalLong committed(int partition) {
        long end = ends.get(partition);
        return end == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(end);
    }

    /// Only an owner can be certain that nobody else writes.
    @Override
    public CompletableFuture<Long> confirm(int partition) {
        return CompletableFuture.failedFuture(
                new IllegalStateException("partition " + partition + " is followed here and not owned"));
    }

    @Override
    public Subscription subscribe(int partition, long from, Consumer<Envelope> listener) {
        return new Follower(partition, from, listener);
    }

    private final class Follower implements Subscription {
        private final int partition;
        private final long from;
        private final Consumer<Envelope> listener;
        private final Thread thread;
        private volatile RuntimeException failure;
        private volatile boolean closed;

        Follower(int partition, long from, Consumer<Envelope> listener) {
            this.partition = partition;
            this.from = from;
            this.listener = listener;
            this.thread =
                    Thread.ofPlatform().daemon().name("follow-" + partition).start(this::follow);
        }

        private void follow() {
            try (var reader = PartitionReader.fromStart(settings, partition, new EnvelopeRecords())) {
                while (!closed) {
                    reader.readToEnd(this::handOver);
                    ends.set(partition, reader.nextSequence());
                    reader.poll(POLL, this::handOver);
                }
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        private void handOver(Envelope record) {
            if (record.sequence() >= from) {
                listener.accept(record);
            }
        }

        @Override
        public Optional<RuntimeException> failure() {
            return Optional.ofNullable(failure);
        }

        @Override
        public void close() {
            closed = true;
            try {
                thread.join(CLOSE_LIMIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
