package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope;
import io.ledgerway.server.axon.PartitionStatus.State;
import io.ledgerway.server.kafka.BrokenLog;
import io.ledgerway.server.kafka.LogFailure;
import io.ledgerway.server.kafka.UnfitLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Keeps one partition served: opens it, and when it has failed opens it again by take-over; not while [Standby]
/// leaves the log to another process.
///
/// States: opening -> open -> opening -> ...; from any of them to refused (wrong or broken log) or closed,
/// for good.
final class PartitionKeeper implements AutoCloseable {

    static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    /// After being fenced: by then it is known whether the whole log has another owner.
    static final Duration FENCED_BACKOFF = Duration.ofSeconds(2);

    private static final Logger LOG = System.getLogger(PartitionKeeper.class.getName());

    private final int partition;
    private final Supplier<PartitionLog> opening;
    private final Standby standby;
    private final Consumer<PartitionKeeper> changed;
    private final Thread thread;
    private State state = State.OPENING;
    private String why = "it is being opened";
    private PartitionLog log;
    private PartitionLog lastKnown;
    private long takeOvers;

    PartitionKeeper(int partition, Supplier<PartitionLog> opening, Standby standby, Consumer<PartitionKeeper> changed) {
        this.partition = partition;
        this.opening = opening;
        this.standby = standby;
        this.changed = changed;
        thread = Thread.ofVirtual().name("log-keeper-" + partition).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    int partition() {
        return partition;
    }

    synchronized Optional<PartitionLog> log() {
        return Optional.ofNullable(log);
    }

    /// The partition as it was served last, for readers who can do with what was durable then.
    synchronized Optional<PartitionLog> lastKnown() {
        return Optional.ofNullable(lastKnown);
    }

    synchronized PartitionStatus status() {
        var known = Optional.ofNullable(lastKnown);
        return new PartitionStatus(
                partition,
                state,
                why,
                takeOvers,
                known.map(PartitionLog::owner).orElse(Owner.NOBODY),
                known.map(PartitionLog::committed).orElse(0L),
                known.map(PartitionLog::accepted).orElse(0L),
                known.map(PartitionLog::load).orElse(0L),
                Optional.ofNullable(log).map(PartitionLog::statistics));
    }

    Subscription subscribe(String name, long from, Consumer<Envelope> listener) {
        return Subscription.start(name, partition, this::historyAfter, from, listener);
    }

    private void run() {
        var backoff = FIRST_BACKOFF;
        try {
            while (awaitTurn()) {
                PartitionLog opened;
                long began = System.nanoTime();
                try {
                    opened = opening.get();
                } catch (UnfitLog | BrokenLog e) {
                    LOG.log(Level.ERROR, "partition " + partition + " is not served: " + e.getMessage(), e);
                    refuse(e.getMessage());
                    return;
                } catch (RuntimeException e) {
                    LOG.log(
                            Level.WARNING,
                            "partition {0} could not be opened, next attempt in {1}: {2}",
                            partition,
                            backoff,
                            e);
                    tell(State.OPENING, e.getMessage(), null);
                    pause(backoff);
                    backoff = longer(backoff);
                    continue;
                }
                LOG.log(
                        Level.INFO,
                        "partition {0} is open, owner epoch {1}, {2} records",
                        partition,
                        opened.epoch(),
                        opened.committed());
                var reading = Duration.ofNanos(System.nanoTime() - began);
                var failure = serve(opened);
                boolean isFenced = failure.kind() == LogFailure.Kind.FENCED;
                backoff = isFenced ? FENCED_BACKOFF : FIRST_BACKOFF;
                if (!active()) {
                    return;
                }
                LOG.log(Level.WARNING, "partition {0} has stopped: {1}", partition, failure);
                if (isFenced && isTheClusters()) {
                    tell(State.OPENING, Standby.WHY, null);
                    standby.whileAnotherServes(reading, this::pause);
                } else {
                    pause(backoff);
                }
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
        }
    }

    private boolean isTheClusters() {
        return partition == Partitions.CLUSTER_PARTITION;
    }

    /// Whether others have the turn. The cluster's partition decides that and does not wait for itself.
    private boolean isToStandBy() {
        return !isTheClusters() && standby.isStandingBy();
    }

    /// False if there is nothing to wait for any more.
    private synchronized boolean awaitTurn() throws InterruptedException {
        while (active() && isToStandBy()) {
            wait();
        }
        return active();
    }

    /// It may have to stand by now, or not any more.
    synchronized void turn() {
        notifyAll();
    }

    /// Returns when the partition has failed, has to be left to another process, or this keeper is closed or refused.
    private LogFailure serve(PartitionLog opened) throws InterruptedException {
        var failed = new LogFailure[1];
        opened.onClosed(failure -> {
            synchronized (this) {
                failed[0] = failure;
                notifyAll();
            }
        });
        tell(State.OPEN, "", opened);
        try {
            var sign = CompletableFuture.<LogPosition>completedFuture(null);
            while (isServedAfter(Standby.SIGN, failed)) {
                if (isTheClusters() && sign.isDone()) {
                    sign = opened.confirm();
                }
            }
            synchronized (this) {
                log = null;
                return failed[0] == null ? LogFailure.closed(isToStandBy() ? Standby.WHY : why) : failed[0];
            }
        } finally {
            tell(
                    State.OPENING,
                    isToStandBy() ? Standby.WHY : failed[0] == null ? "it is being closed" : failed[0].toString(),
                    null);
            opened.close();
        }
    }

    private synchronized boolean isServedAfter(Duration time, LogFailure[] failed) throws InterruptedException {
        if (failed[0] == null && state == State.OPEN && !isToStandBy()) {
            wait(time.toMillis());
        }
        return failed[0] == null && state == State.OPEN && !isToStandBy();
    }

    private synchronized boolean active() {
        return state == State.OPENING || state == State.OPEN;
    }

    private void tell(State next, String because, PartitionLog opened) {
        synchronized (this) {
            if (!active()) {
                return;
            }
            state = next;
            why = because;
            log = opened;
            if (opened != null) {
                lastKnown = opened;
                takeOvers++;
            }
            notifyAll();
        }
        changed.accept(this);
    }

    void refuse(String because) {
        end(State.REFUSED, because);
    }

    private void end(State last, String because) {
        synchronized (this) {
            if (!active()) {
                return;
            }
            state = last;
            why = because;
            log = null;
            notifyAll();
        }
        changed.accept(this);
    }

    /// False if this keeper is closed or refused.
    private synchronized boolean pause(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); left > 0 && active(); left = (deadline - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return active();
    }

    /// The history of the next take-over, waiting for it; null if there will be none.
    private synchronized History<Envelope> historyAfter(History<Envelope> before) throws InterruptedException {
        while (active() && (lastKnown == null || lastKnown.history() == before)) {
            wait();
        }
        return active() ? lastKnown.history() : null;
    }

    private static Duration longer(Duration backoff) {
        var doubled = backoff.multipliedBy(2);
        return doubled.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : doubled;
    }

    /// Finishes what is accepted and gives the partition up.
    @Override
    public void close() {
        end(State.CLOSED, "it was closed");
        try {
            thread.join(TakeOver.DEADLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
