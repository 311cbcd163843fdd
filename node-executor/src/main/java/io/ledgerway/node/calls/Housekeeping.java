package io.ledgerway.node.calls;

import io.ledgerway.node.time.Signal;
import io.ledgerway.node.time.Surroundings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// What nobody calls for: the comparison of kernel and log after a start, as soon as the state is current, and the end
/// of releases that were not finished, whenever the state has become current and now and then.
public final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Housekeeping.class.getName());
    static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Calls calls;
    private final Signal current;
    private final Thread thread;

    public Housekeeping(Calls calls, Surroundings surroundings) {
        this.calls = calls;
        this.current = new Signal(surroundings);
        this.thread = surroundings.thread("housekeeping", this::keep);
    }

    public void start() {
        thread.start();
    }

    /// The node's state is current (again).
    public void stateIsCurrent() {
        current.give();
    }

    private void keep() {
        boolean recovered = false;
        try {
            current.await();
            while (true) {
                current.takeBack();
                recovered = once(recovered);
                current.await(INTERVAL);
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
