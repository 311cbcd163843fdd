package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope.Hash;
import io.ledgerway.server.kafka.AppendFailed;
import io.ledgerway.server.kafka.Chain;
import io.ledgerway.server.kafka.LogFailure;
import io.ledgerway.server.kafka.PartitionWriter;
import io.ledgerway.server.kafka.PartitionWriter.Append;
import io.ledgerway.server.kafka.PartitionWriter.Outgoing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import org.axonframework.common.infra.ComponentDescriptor;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GlobalIndexPosition;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.Context.ResourceKey;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.StreamingCondition;

/// Axon's event storage on one partition of the log; `DESIGN.md` beside this file says what it promises and
/// why.
///
/// States: serving (constructed after the take-over has read the partition) -> stopped, for good, when its
/// writer is. An event is *accepted* when its transaction's `commit()` is called and *committed* when Kafka
/// has it.
class KafkaEventStorageEngine<R> implements EventStorageEngine, PartitionWriter.Listener {

    private static final ResourceKey<Boolean> SOURCED = ResourceKey.withLabel("ledgerway.sourced");
    private static final ResourceKey<Boolean> APPENDED = ResourceKey.withLabel("ledgerway.appended");

    private final EventFormat<R> format;
    private final PartitionWriter writer;
    private final History<R> history;
    private final Set<Runnable> streams = new CopyOnWriteArraySet<>();
    private final Consumer<LogFailure> stopped;
    private Hash lastHash;
    private volatile LogFailure failure;

    /// @param history what the take-over has read, to its end
    /// @param stopped hears once why the engine has stopped
    KafkaEventStorageEngine(
            EventFormat<R> format,
            PartitionWriter writer,
            History<R> history,
            Hash lastHash,
            Consumer<LogFailure> stopped) {
        this.format = format;
        this.writer = writer;
        this.history = history;
        this.lastHash = lastHash;
        this.stopped = stopped;
    }

    /// Sequences below this one are taken; what is decided next sees them all.
    long accepted() {
        return history.accepted();
    }

    long committed() {
        return history.committed();
    }

    @Override
    public CompletableFuture<AppendTransaction<?>> appendEvents(
            AppendCondition condition, ProcessingContext context, List<TaggedEventMessage<?>> events) {
        if (context != null) {
            context.putResource(APPENDED, Boolean.TRUE);
        }
        return CompletableFuture.completedFuture(new Transaction(condition, events));
    }

    /// Accepts or refuses on the spot; the answer comes when the events are durable.
    private CompletableFuture<ConsistencyMarker> accept(AppendCondition condition, List<TaggedEventMessage<?>> events) {
        synchronized (history) {
            if (failure != null) {
                return CompletableFuture.failedFuture(new AppendFailed(failure, true));
            }
            if (history.conflicts(condition, conflictHorizon())) {
                return CompletableFuture.failedFuture(
                        AppendEventsTransactionRejectedException.conflictingEventsDetected(
                                condition.consistencyMarker()));
            }
            var records = new ArrayList<R>(events.size());
            var outgoing = new ArrayList<Outgoing>(events.size());
            var hash = lastHash;
            long sequence = history.accepted();
            for (var event : events) {
                var record = format.record(event, sequence, hash);
                var value = format.codec().encode(record);
                outgoing.add(new Outgoing(format.codec().key(record), value, sequence));
                records.add(record);
                hash = Chain.hash(value);
                sequence++;
            }
            var step = format.fold(records);
            // Nothing above has changed anything; nothing below can fail.
            lastHash = hash;
            history.accept(records);
            step.accepted();
            var accepted = new Accepted(outgoing, step, sequence);
            writer.append(accepted);
            return answer(accepted.answer);
        }
    }

    /// What whoever appended waits for: the commit.
    CompletableFuture<ConsistencyMarker> answer(CompletableFuture<ConsistencyMarker> durable) {
        return durable;
    }

    /// How far conditions are checked: batch peers and everything else in flight included.
    long conflictHorizon() {
        return history.accepted();
    }

    /// How far a handler reads: it decides on top of what is in flight, since both become durable or
    /// neither does.
    long sourcingHorizon() {
        return history.accepted();
    }

    /// Completes once a record under our transactional id shows that no other owner had taken over before.
    CompletableFuture<ConsistencyMarker> barrier() {
        synchronized (history) {
            if (failure != null) {
                return CompletableFuture.failedFuture(new AppendFailed(failure, true));
            }
            var barrier = new Accepted(List.of(), EventFormat.Step.NONE, history.accepted());
            writer.append(barrier);
            return answer(barrier.answer);
        }
    }

    @Override
    public MessageStream<EventMessage> source(SourcingCondition condition, ProcessingContext context) {
        if (context != null && context.putResourceIfAbsent(SOURCED, Boolean.TRUE) == null) {
            // Whoever has looked at in-flight state must not be answered before that state is durable.
            context.onCommit(c -> c.containsResource(APPENDED) ? CompletableFuture.completedFuture(null) : barrier());
        }
        long start = Math.max(0, GlobalIndexPosition.toIndex(condition.start()));
        long end = sourcingHorizon();
        return SourcedMessages.of(history.matching(condition, start, end), format, end);
    }

    @Override
    public MessageStream<EventMessage> stream(StreamingCondition condition, ProcessingContext context) {
        return SourcedMessages.follow(condition, format, history, callback -> {
            streams.add(callback);
            return () -> streams.remove(callback);
        });
    }

    @Override
    public CompletableFuture<TrackingToken> firstToken(ProcessingContext context) {
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(0));
    }

    @Override
    public CompletableFuture<TrackingToken> latestToken(ProcessingContext context) {
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(history.committed()));
    }

    @Override
    public CompletableFuture<TrackingToken> tokenAt(Instant at, ProcessingContext context) {
        long end = history.committed();
        long found = history.first(
                0, end, record -> !format.message(record).timestamp().isBefore(at));
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(found));
    }

    @Override
    public void committed(List<Append> batch) {
        synchronized (history) {
            for (var append : batch) {
                // The writer is this engine's own, so nothing else is ever in its batches.
                if (append instanceof KafkaEventStorageEngine<?>.Accepted accepted) {
                    accepted.step.committed();
                    history.commit(accepted.end);
                }
            }
        }
    }

    @Override
    public void announced() {
        streams.forEach(Runnable::run);
    }

    @Override
    public void stopped(LogFailure why) {
        synchronized (history) {
            failure = why;
            history.stop();
        }
        stopped.accept(why);
    }

    @Override
    public void describeTo(ComponentDescriptor descriptor) {
        descriptor.describeProperty("accepted", accepted());
        descriptor.describeProperty("committed", committed());
    }

    /// Appends and barriers alike: `end` is what whoever waits for it has seen.
    private final class Accepted extends Append {
        private final CompletableFuture<ConsistencyMarker> answer = new CompletableFuture<>();
        private final EventFormat.Step step;
        private final long end;

        Accepted(List<Outgoing> records, EventFormat.Step step, long end) {
            super(records);
            this.step = step;
            this.end = end;
        }

        @Override
        protected void durable() {
            answer.complete(new GlobalIndexConsistencyMarker(end));
        }

        @Override
        public void failed(AppendFailed why) {
            answer.completeExceptionally(why);
        }
    }

    private final class Transaction implements AppendTransaction<ConsistencyMarker> {
        private final AppendCondition condition;
        private final List<TaggedEventMessage<?>> events;
        private boolean finished;

        Transaction(AppendCondition condition, List<TaggedEventMessage<?>> events) {
            this.condition = condition;
            this.events = events;
        }

        @Override
        public CompletableFuture<ConsistencyMarker> commit(ProcessingContext context) {
            if (finished) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("this transaction was committed or rolled back before"));
            }
            finished = true;
            try {
                return accept(condition, events);
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void rollback(ProcessingContext context) {
            // What has been accepted stays: only the log decides about it now.
            finished = true;
        }

        @Override
        public CompletableFuture<ConsistencyMarker> afterCommit(ConsistencyMarker marker, ProcessingContext context) {
            return CompletableFuture.completedFuture(marker);
        }
    }
}
