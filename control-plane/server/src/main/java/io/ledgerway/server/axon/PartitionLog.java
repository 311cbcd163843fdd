package io.ledgerway.server.axon;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cluster.Cluster;
import io.ledgerway.domain.node.Node;
import io.ledgerway.server.axon.LogUnavailable.Outcome;
import io.ledgerway.server.kafka.AppendFailed;
import io.ledgerway.server.kafka.LogFailure;
import io.ledgerway.server.kafka.WriterStatistics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.axonframework.messaging.core.MessageType;

/// One owned partition: decides commands, makes them durable, then answers. It serves from the end of its
/// take-over until its first failure, or until it is closed; afterwards it refuses everything, and a new
/// take-over makes a new one.
public final class PartitionLog implements AutoCloseable {

    /// Commands under way at once, waiting or in flight. Beyond it the caller is told at once to come back
    /// later.
    public static final int LARGEST_LOAD = Decider.WAITING;

    private final TakeOver parts;
    private final long epoch;
    private final AtomicLong load = new AtomicLong();

    PartitionLog(TakeOver parts, long epoch) {
        this.parts = parts;
        this.epoch = epoch;
    }

    /// Completes once the decision and all that it rests on are durable, or with [LogUnavailable]. What is
    /// chained to the future runs on the partition's writing thread, so it must not block.
    public CompletableFuture<Reply> execute(Command command) {
        return submit(LedgerHandlers.COMMAND, command.header().id().value(), command);
    }

    /// A live read: completes with a position once it is certain that nobody else owned the partition until
    /// then.
    public CompletableFuture<LogPosition> confirm() {
        return submit(LedgerHandlers.CONFIRM, "confirm", Stream.owner(partition()))
                .thenApply(Reply::position);
    }

    private CompletableFuture<Reply> submit(MessageType type, String id, Object payload) {
        var reply = new CompletableFuture<Reply>();
        if (load.incrementAndGet() > LARGEST_LOAD) {
            load.decrementAndGet();
            reply.completeExceptionally(refused(LARGEST_LOAD + " commands are under way already"));
            return reply;
        }
        if (!parts.decider().offer(() -> dispatch(type, id, payload, reply))) {
            load.decrementAndGet();
            var failure = parts.failure();
            reply.completeExceptionally(
                    refused(failure.isPresent() ? failure.get().toString() : "the partition is being closed"));
        }
        return reply;
    }

    private void dispatch(MessageType type, String id, Object payload, CompletableFuture<Reply> reply) {
        CompletionStage<Object> answered;
        try {
            answered = parts.axon().dispatch(type, id, payload);
        } catch (RuntimeException e) {
            answered = CompletableFuture.failedStage(e);
        }
        // Nothing else accepts between dispatch and here, so this is what the decision has seen, its own events
        // included.
        var position = new LogPosition(partition(), accepted() - 1);
        long acceptedNanos = System.nanoTime();
        answered.whenComplete((answer, error) -> {
            load.decrementAndGet();
            if (error == null) {
                reply.complete(new Reply(answer, position, epoch, acceptedNanos));
            } else {
                reply.completeExceptionally(failed(error));
            }
        });
    }

    private Throwable failed(Throwable error) {
        var cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof AppendFailed lost
                ? new LogUnavailable(
                        partition(),
                        lost.outcomeKnown() ? Outcome.NOT_APPENDED : Outcome.UNKNOWN,
                        lost.failure().toString(),
                        lost)
                : cause;
    }

    private LogUnavailable refused(String why) {
        return new LogUnavailable(partition(), Outcome.NOT_APPENDED, why, null);
    }

    public int partition() {
        return parts.partition();
    }

    public long epoch() {
        return epoch;
    }

    /// How many records are durable: the next one to become so has this sequence.
    public long committed() {
        return parts.engine().committed();
    }

    /// How many records have their place, those in flight included.
    public long accepted() {
        return parts.engine().accepted();
    }

    /// The node as the durable log has it; [Node#EMPTY] if the log does not know it.
    public Node node(NodeName name) {
        return (Node) parts.folds().committed(Stream.node(name)).value();
    }

    /// The cluster as the durable log has it; only partition 0 has more than [Cluster#EMPTY].
    public Cluster cluster() {
        return (Cluster) parts.folds().committed(Stream.CLUSTER).value();
    }

    /// Who owned the partition last, as the durable log has it.
    public Owner owner() {
        return (Owner) parts.folds().committed(Stream.owner(partition())).value();
    }

    /// The nodes that live in this partition.
    public List<NodeName> nodes() {
        return parts.folds().streams().stream()
                .filter(Stream::isNode)
                .map(Stream::node)
                .toList();
    }

    /// Hands every durable envelope from `from` on to the listener, in order, first those that are there
    /// and then those that come, on a thread of its own that the listener may block. Ends with the
    /// partition.
    public Subscription subscribe(String name, long from, Consumer<Envelope> listener) {
        return Subscription.start(name, partition(), before -> before == null ? parts.history() : null, from, listener);
    }

    /// Tells once why the partition is no longer served; at once, if it is not.
    public void onClosed(Consumer<LogFailure> listener) {
        parts.onClosed(listener);
    }

    History<Envelope> history() {
        return parts.history();
    }

    public WriterStatistics.Snapshot statistics() {
        return parts.statistics();
    }

    /// Commands that have come and are not answered.
    public long load() {
        return load.get();
    }

    /// Finishes what is accepted, then gives the partition up.
    @Override
    public void close() {
        parts.close();
    }
}
