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
    /// How long after the log has come (back) and has all of the journal releases are looked at every
    /// [#SHORT_INTERVAL]: what it was told shows in the state only then.
    static final Duration SETTLING = Duration.ofSeconds(5);

    /// Whether the log's own state has come since the start.
    private boolean isKnown;

    /// Whether the state has become current and what is to follow from that is still to be done.
    private boolean becameCurrent;

    /// Whether the kernel has been repaired after the start.
    private volatile boolean recovered;

    private boolean isSettling;
    private long settlingSince;
    private long lastLookAtReleases;

    /// Whether what the disk says of releases has been looked at.
    private boolean releasesAreKnown;

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

    /// The log has gone or come, or has more of the journal.
    public void look() {
        attention.give();
    }

    /// After a start it may show all of the journal now, which the repair of the kernel waits for.
    ///
    /// @param isWished whether it wishes addresses back
    public void stateHasChanged(boolean isWished) {
        if (isWished || !recovered) {
            attention.give();
        }
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
            becameCurrent |= current.take();
            isKnown |= becameCurrent;
            boolean isDone = line.isConnected() ? withTheLog() : alone();
            if (surroundings.nanoTime() - lastRound >= INTERVAL.toNanos()) {
                lastRound = surroundings.nanoTime();
                calls.finishReleases();
            }
            return isDone;
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the node could not be kept in order; it is tried again", e);
            return false;
        }
    }

    /// A restart during an outage goes on with what the executor before did not finish.
    private boolean alone() {
        if (!releasesAreKnown && calls.mayGoAlone()) {
            releasesAreKnown = true;
            calls.finishReleases();
        }
        return calls.endRests();
    }

    private boolean withTheLog() throws InterruptedException {
        if (!isKnown) {
            return true;
        }
        if (!calls.compareAfterLoss()) {
            return false;
        }
        releasesAreKnown = true;
        if (!recovered && calls.isJournalShown()) {
            calls.recover();
            recovered = true;
        }
        settle();
        return calls.confirmWithdrawals() && !isSettling && recovered;
    }

    /// By the clock, however often something asks for attention meanwhile, as each batch of a drain does.
    private void settle() {
        long now = surroundings.nanoTime();
        boolean begins = becameCurrent || isSettling && !line.isTold();
        if (begins) {
            settlingSince = now;
        }
        boolean isFirst = becameCurrent && !isSettling;
        isSettling |= becameCurrent;
        becameCurrent = false;
        if (isSettling && (isFirst || now - lastLookAtReleases >= SHORT_INTERVAL.toNanos())) {
            lastLookAtReleases = now;
            calls.finishReleases();
            isSettling = now - settlingSince < SETTLING.toNanos();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
