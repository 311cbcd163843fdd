package io.ledgerway.server.grpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.CommittedNode;
import io.ledgerway.server.run.LogPosition;
import io.ledgerway.server.run.LogUnavailable;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// One node's stream: the whole state first, then differences. It keeps the one state that was sent last and reads the
/// newest when the stream takes more, so a slow node gets fewer and larger differences and nothing queues up for it.
///
/// States: waiting -> sending -> waiting …; any -> closed (cancelled by the node, log not available, certificate over).
final class DesiredStateWatch {

    /// More wake-ups than this mean the same as one: look at the newest state once more.
    private static final int WAKES_KEPT = 2;

    /// Between two messages: what is committed meanwhile shares the next one.
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(20);

    private final Incarnation incarnation;
    private final Commands commands;
    private final ServerCallStreamObserver<WatchDesiredStateResponse> stream;
    private final Executor sender;
    private final Consumer<DesiredStateWatch> ended;
    private final AtomicInteger wakes = new AtomicInteger();
    private CommittedNode sent;
    private long sentNanos = System.nanoTime() - SHORTEST_INTERVAL.toNanos();
    private final AtomicBoolean counts = new AtomicBoolean();
    private final Set<Future<?>> timers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    DesiredStateWatch(
            Incarnation incarnation,
            Commands commands,
            ServerCallStreamObserver<WatchDesiredStateResponse> stream,
            Executor sender,
            Consumer<DesiredStateWatch> ended) {
        this.ended = ended;
        this.incarnation = incarnation;
        this.commands = commands;
        this.stream = stream;
        this.sender = sender;
    }

    NodeName node() {
        return incarnation.node();
    }

    /// Rule 1: what the node has now is no business of an instance that had its name before.
    static Optional<Status> refusal(Node state, Incarnation asks) {
        boolean isOther =
                state.incarnation().filter(known -> !known.equals(asks)).isPresent();
        if (!isOther && !(state.standing() instanceof Standing.Retired)) {
            return Optional.empty();
        }
        return Optional.of(Status.PERMISSION_DENIED.withDescription("node " + asks.node() + " is "
                + (isOther ? "instance " + state.incarnation().orElseThrow().instance() : "retired")
                + " in this log, and " + asks.instance() + " watches nothing of it"));
    }

    /// The node is known to listen here, until this is undone.
    void counts() {
        counts.set(true);
    }

    /// True once.
    boolean countsNoMore() {
        return counts.getAndSet(false);
    }

    boolean isClosed() {
        return closed;
    }

    /// What is to happen to it later, unless it ends before.
    void holds(Future<?> timer) {
        timers.removeIf(Future::isDone);
        timers.add(timer);
        if (closed) {
            timer.cancel(false);
        }
    }

    /// Whoever has something to tell calls this: a commit, a stream that takes more, the beginning.
    void wake() {
        if (closed) {
            return;
        }
        if (wakes.getAndUpdate(count -> Math.min(WAKES_KEPT, count + 1)) == 0) {
            sender.execute(this::send);
        }
    }

    /// Runs on one thread at a time: only the wake that found none before it starts it.
    private void send() {
        do {
            var left = SHORTEST_INTERVAL.minusNanos(System.nanoTime() - sentNanos);
            if (left.isPositive()) {
                LockSupport.parkNanos(left.toNanos());
            }
            wakes.set(1);
            sendNewest();
        } while (wakes.decrementAndGet() > 0);
    }

    private void sendNewest() {
        if (closed || !stream.isReady()) {
            return;
        }
        CommittedNode newest;
        try {
            newest = commands.node(node());
        } catch (LogUnavailable e) {
            close(Status.UNAVAILABLE.withDescription(e.getMessage()));
            return;
        }
        var refusal = refusal(newest.state(), incarnation);
        if (refusal.isPresent()) {
            close(refusal.get());
            return;
        }
        // A new owner has read the log anew; what an earlier one has sent need not be what the log kept.
        if (sent == null || !isFrom(newest.position(), sent.position())) {
            next(NodeStateDiff.whole(newest.state(), newest.position()));
        } else if (newest.position().sequence() > sent.position().sequence()) {
            next(NodeStateDiff.between(sent.state(), newest.state(), newest.position()));
        }
        sent = newest;
    }

    private static boolean isFrom(LogPosition one, LogPosition other) {
        return one.partition() == other.partition() && one.epoch() == other.epoch();
    }

    private void next(WatchDesiredStateResponse message) {
        if (!closed) {
            sentNanos = System.nanoTime();
            stream.onNext(message);
        }
    }

    /// The node has gone away; nothing is sent any more.
    void abandon() {
        closed = true;
        timers.forEach(timer -> timer.cancel(false));
    }

    void close(Status status) {
        if (!closed) {
            closed = true;
            // First, so that a node that is told and comes back at once is not counted twice.
            ended.accept(this);
            sender.execute(() -> stream.onError(status.asRuntimeException()));
        }
    }
}
