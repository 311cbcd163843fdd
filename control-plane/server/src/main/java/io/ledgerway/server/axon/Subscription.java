package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Somebody who hears every durable envelope of a partition in order.
public final class Subscription implements AutoCloseable {

    /// Envelopes taken from the history at once.
    private static final int SLICE = 1_000;

    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Logger LOG = System.getLogger(Subscription.class.getName());

    private final String name;
    private final int partition;
    private final Source source;
    private final Consumer<Envelope> listener;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long next;
    private volatile boolean closed;
    private volatile RuntimeException failure;

    /// Where the envelopes are: one history for each time that the partition is served.
    interface Source {
        /// Waits for the history that follows `before`, null at first; returns null when there will be none.
        History<Envelope> after(History<Envelope> before) throws InterruptedException;
    }

    private Subscription(String name, int partition, Source source, long from, Consumer<Envelope> listener) {
        this.name = name;
        this.partition = partition;
        this.source = source;
        this.listener = listener;
        this.next = from;
    }

    static Subscription start(String name, int partition, Source source, long from, Consumer<Envelope> listener) {
        var subscription = new Subscription(name, partition, source, from, listener);
        Thread.ofVirtual().name("log-" + name + "-" + partition).start(subscription::run);
        return subscription;
    }

    /// The sequence that the listener gets next.
    public long next() {
        return next;
    }

    /// What the listener threw, or why the log could not be read. The subscription has ended then.
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    private void run() {
        try {
            for (var history = source.after(null); history != null && !closed; history = source.after(history)) {
                follow(history);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
            LOG.log(
                    Level.ERROR,
                    "subscription " + name + " to partition " + partition + " ended at sequence " + next,
                    e);
        } finally {
            ended.countDown();
        }
    }

    private void follow(History<Envelope> history) throws InterruptedException {
        boolean last = false;
        while (!closed && !last) {
            boolean stopped = history.stopped();
            var slice = history.committedFrom(next, SLICE, WAIT);
            last = stopped && slice.isEmpty();
            for (var envelope : slice) {
                if (closed) {
                    return;
                }
                listener.accept(envelope);
                next++;
            }
        }
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Ends it; the listener hears at most the envelope that it is hearing now.
    @Override
    public void close() {
        closed = true;
    }
}
