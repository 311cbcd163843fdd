package io.ledgerway.server.axon;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.server.kafka.AppendFailed;
import io.ledgerway.server.kafka.LogFailure;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.LogUnreachable;
import io.ledgerway.server.kafka.OffsetIndex;
import io.ledgerway.server.kafka.PartitionReader;
import io.ledgerway.server.kafka.PartitionWriter;
import io.ledgerway.server.kafka.RecordCodec;
import io.ledgerway.server.kafka.UnfitLog;
import io.ledgerway.server.kafka.WriterStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.axonframework.eventsourcing.eventstore.EventStore;

/// Takes a partition over and holds what serves it: fence the owner before, read to the end, record the new
/// owner, serve. The order is the safety: what is read after fencing is all that there will ever be from
/// others.
///
/// Its steps are methods so that tests can take one out.
class TakeOver {

    /// How long the record of the new owner may take.
    static final Duration DEADLINE = LogSettings.COMMIT_DEADLINE.plusSeconds(6);

    private final Partitions.Configuration who;
    private final int partition;
    private final RecordCodec<Envelope> codec = new EnvelopeRecords();
    private final OffsetIndex index = new OffsetIndex();
    private final Folds folds = new Folds();
    private final EnvelopeFormat format;
    private final History<Envelope> history;
    private final CompletableFuture<LogFailure> failure = new CompletableFuture<>();
    private final List<Consumer<LogFailure>> closedListeners = new ArrayList<>();
    private PartitionWriter writer;
    private KafkaEventStorageEngine<Envelope> engine;
    private AxonPartition axon;
    private Decider decider;

    TakeOver(Partitions.Configuration who, int partition) {
        this.who = who;
        this.partition = partition;
        format = new EnvelopeFormat(who.cluster(), partition, codec, folds, who.clock());
        history = new History<>(who.settings(), partition, format, index);
    }

    /// @throws LogUnreachable if Kafka did not answer
    /// @throws UnfitLog if the log belongs to another cluster
    final PartitionLog open() {
        try {
            writer = fence();
            var last = replay();
            engine = engine(last);
            decider = new Decider(who.settings().topic() + "-" + partition, writer::decided);
            axon = new AxonPartition(engine, format, this::handlers);
            long epoch = begin();
            return new PartitionLog(this, epoch);
        } catch (RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    PartitionWriter fence() {
        return new PartitionWriter(who.settings(), partition, index);
    }

    /// Reads everything and folds it; returns the hash of the last record.
    Envelope.Hash replay() {
        try (var reader = PartitionReader.fromStart(who.settings(), partition, codec, index)) {
            reader.readToEnd(this::replayed);
            return reader.lastHash();
        }
    }

    final void replayed(Envelope envelope) {
        if (!envelope.cluster().equals(who.cluster())) {
            throw new UnfitLog("partition " + partition + " of "
                    + who.settings().topic() + " at " + who.settings().bootstrap() + " belongs to cluster "
                    + envelope.cluster() + ", not to " + who.cluster());
        }
        folds.replayed(envelope);
        history.replayed(envelope);
    }

    KafkaEventStorageEngine<Envelope> engine(Envelope.Hash last) {
        return new KafkaEventStorageEngine<>(format, writer, history, last, this::stopped);
    }

    LedgerHandlers handlers(EventStore store) {
        return new LedgerHandlers(store, format, folds);
    }

    /// Decides the new owner's record as a command like any other, before the writer writes: so it is
    /// certain that dispatching does not wait for a commit.
    private long begin() {
        var header = new Header(
                new CommandId("take-over-" + UUID.randomUUID()), who.clock().instant(), "control-plane");
        long before = engine.accepted();
        var dispatched = new CompletableFuture<CompletableFuture<Object>>();
        decider.offer(() -> {
            try {
                dispatched.complete(axon.dispatch(
                        LedgerHandlers.TAKE_OVER,
                        header.id().value(),
                        new LedgerHandlers.TakeOver(header, partition, who.address())));
            } catch (RuntimeException e) {
                dispatched.completeExceptionally(e);
            }
        });
        var answer = await(dispatched, "dispatching the record of the new owner");
        if (!answer.isDone() && engine.accepted() != before + 1) {
            throw new IllegalStateException("Axon is not wired as the log needs it: dispatch returned with "
                    + (engine.accepted() - before) + " events accepted where one was due");
        }
        writer.start(engine, decider::busy);
        return (Long) await(answer, "writing the record of the new owner");
    }

    private <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new LogUnreachable(what + " of partition " + partition + " took longer than " + DEADLINE, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AppendFailed lost) {
                throw new LogUnreachable(what + " of partition " + partition + ": " + lost.failure(), lost);
            }
            throw new IllegalStateException(what + " of partition " + partition + " failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(what + " of partition " + partition + " was interrupted", e);
        }
    }

    final void stopped(LogFailure why) {
        List<Consumer<LogFailure>> told;
        synchronized (closedListeners) {
            if (!failure.complete(why)) {
                return;
            }
            told = List.copyOf(closedListeners);
        }
        told.forEach(listener -> listener.accept(why));
        decider.close();
    }

    final void onClosed(Consumer<LogFailure> listener) {
        synchronized (closedListeners) {
            if (!failure.isDone()) {
                closedListeners.add(listener);
                return;
            }
        }
        listener.accept(failure.resultNow());
    }

    final Optional<LogFailure> failure() {
        return failure.isDone() ? Optional.of(failure.resultNow()) : Optional.empty();
    }

    private void abandon(RuntimeException why) {
        try {
            close();
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    /// Commands that wait are decided and written still; later ones are refused.
    final void close() {
        if (decider != null) {
            decider.close();
            decider.awaitEnd(PartitionWriter.CLOSE_DEADLINE);
        }
        if (writer != null) {
            writer.close();
        }
        if (axon != null) {
            axon.close();
        }
    }

    final Partitions.Configuration who() {
        return who;
    }

    final int partition() {
        return partition;
    }

    final OffsetIndex index() {
        return index;
    }

    final Folds folds() {
        return folds;
    }

    final EnvelopeFormat format() {
        return format;
    }

    final History<Envelope> history() {
        return history;
    }

    final PartitionWriter writer() {
        return writer;
    }

    final KafkaEventStorageEngine<Envelope> engine() {
        return engine;
    }

    final AxonPartition axon() {
        return axon;
    }

    final Decider decider() {
        return decider;
    }

    final WriterStatistics.Snapshot statistics() {
        return writer.statistics().snapshot();
    }
}
