package io.ledgerway.server.run;

import io.ledgerway.domain.Envelope;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The durable log, as those read it who follow it.
public interface CommittedLog {

    int partitions();

    /// How many records of the partition are known here to be durable; empty while it is not served here.
    OptionalLong committed(int partition);

    /// How many records of the partition are durable, once it is certain that nobody else has written to it since the
    /// question was asked.
    CompletableFuture<Long> confirm(int partition);

    /// Every durable record from `from` on, in order, those that are there and those that come, on a thread that the
    /// listener may block.
    Subscription subscribe(int partition, long from, Consumer<Envelope> listener);

    interface Subscription extends AutoCloseable {
        /// Why it has ended, if it has.
        Optional<RuntimeException> failure();

        @Override
        void close();
    }
}
