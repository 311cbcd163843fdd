package io.ledgerway.node.calls;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// What nobody calls for: the comparison of kernel and log after a start, as soon as the state is current, and the end
/// of releases that were not finished, whenever the state has become current and now and then.
public final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Housekeeping.class.getName());
    static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Calls calls;
    private final Semaphore current = new Semaphore(0);
    private final Thread thread;

    public Housekeeping(Calls calls) {
        this.calls = calls;
        this.thread = Thread.ofVirtual().name("housekeeping").unstarted(this::keep);
    }

    public void start() {
        thread.start();
    }

    /// The node's state is current (again).
    public void stateIsCurrent() {
        current.release();
    }

    private void keep() {
        boolean recovered = false;
        try {
            current.acquire();
            while (true) {
                recovered = once(recovered);
                if (current.tryAcquire(INTERVAL.toNanos(), TimeUnit.NANOSECONDS)) {
                    current.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
            Thread.currentThread().interrupt();
        }
    }

    private boolean once(boolean recovered) {
        try {
            if (recovered) {
                calls.finishReleases();
            } else {
                calls.recover();
            }
            return true;
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    "the kernel could not be compared with the log; again in " + INTERVAL.toSeconds() + " s",
                    e);
            return recovered;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
