package io.ledgerway.node.calls;

import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.time.Signal;
import io.ledgerway.node.time.Surroundings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// What nobody calls for: the comparison of kernel and log after a start, as soon as the state is current; the end of
/// releases that were not finished; addresses that the log wishes back; and, while the log is away, the end of rests.
public final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Housekeeping.class.getName());
    static final Duration INTERVAL = Duration.ofSeconds(30);

    /// How often rests are looked at while the log is away, and what failed is tried again.
    static final Duration SHORT_INTERVAL = Duration.ofSeconds(1);

    private final Calls calls;
    private final Line line;
    private final Surroundings surroundings;
    private final Signal attention;
    private final Signal current;
    private final Thread thread;
    private boolean recovered;
    private long lastRound;

    public Housekeeping(Calls calls, Line line, Surroundings surroundings) {
        this.calls = calls;
        this.line = line;
        this.surroundings = surroundings;
        this.attention = new Signal(surroundings);
        this.current = new Signal(surroundings);
        this.thread = surroundings.thread("housekeeping", this::keep);
    }

    public void start() {
        thread.start();
    }

    /// The node's state is current (again).
    public void stateIsCurrent() {
        current.give();
        attention.give();
    }

    /// The state wishes addresses back, or the log has gone or come.
    public void look() {
        attention.give();
    }

    private void keep() {
        lastRound = surroundings.nanoTime();
        try {
            while (true) {
                boolean failed = !once();
                attention.await(failed || !line.isConnected() ? SHORT_INTERVAL : INTERVAL);
                attention.takeBack();
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
            Thread.currentThread().interrupt();
        }
    }

    /// Whether nothing needs to be tried again soon.
    private boolean once() throws InterruptedException {
        try {
            boolean isCurrent = current.isGiven();
            current.takeBack();
            if (isCurrent && !afterStart()) {
                current.give();
                return false;
            }
            if (isCurrent || surroundings.nanoTime() - lastRound >= INTERVAL.toNanos()) {
                lastRound = surroundings.nanoTime();
                calls.finishReleases();
            }
            return line.isConnected() ? calls.confirmWithdrawals() : calls.endRests();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the node could not be kept in order; it is tried again", e);
            return false;
        }
    }

    private boolean afterStart() throws InterruptedException {
        if (!calls.compareAfterLoss()) {
            return false;
        }
        if (!recovered) {
            calls.recover();
            recovered = true;
        }
        return true;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
