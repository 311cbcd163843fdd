package io.ledgerway.server;

import io.ledgerway.domain.Envelope;
import io.ledgerway.server.axon.Partitions;
import io.ledgerway.server.run.CommittedLog;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The partitions that this process serves, as those see them who only follow the log.
public final class CommittedPartitions implements CommittedLog {

    private final Partitions partitions;
    private final String follower;

    /// @param follower names the one who follows, in logs
    public CommittedPartitions(Partitions partitions, String follower) {
        this.partitions = partitions;
        this.follower = follower;
    }

    @Override
    public int partitions() {
        return partitions.partitions();
    }

    @Override
    public OptionalLong committed(int partition) {
        return partitions
                .log(partition)
                .map(log -> OptionalLong.of(log.committed()))
                .orElse(OptionalLong.empty());
    }

    @Override
    public CompletableFuture<Long> confirm(int partition) {
        return partitions
                .log(partition)
                .map(log -> log.confirm().thenApply(position -> position.sequence() + 1))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new IllegalStateException("partition " + partition + " is not served here")));
    }

    @Override
    public Subscription subscribe(int partition, long from, Consumer<Envelope> listener) {
        var subscription = partitions.subscribe(follower, partition, from, listener);
        return new Subscription() {
            @Override
            public Optional<RuntimeException> failure() {
                return subscription.failure();
            }

            @Override
            public void close() {
                subscription.close();
            }
        };
    }
}
