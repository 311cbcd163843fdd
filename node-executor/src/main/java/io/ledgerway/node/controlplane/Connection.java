package io.ledgerway.node.controlplane;

import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.time.Backoff;
import io.ledgerway.node.time.Signal;
import io.ledgerway.node.time.Surroundings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Keeps this node's state current while the log is there ([Line], which [Returning] finds again): watches, and begins
/// again when the stream ends, which says that the log is away before any pod has to find out.
///
/// Transitions: not watching -> watching (the first message was taken over) -> not watching.
public final class Connection implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Connection.class.getName());
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final ControlPlane controlPlane;
    private final Line line;
    private final Watched watched;
    private final Alone alone;
    private final Runnable onWatching;
    private final Signal closed;
    private final Thread thread;
    private volatile boolean watching;
    private final Backoff backoff = new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE);
    private final Complaints complaints;

    /// @param onWatching called each time the node's state has become current; be brief
    public Connection(
            ControlPlane controlPlane,
            Line line,
            Watched watched,
            Alone alone,
            Surroundings surroundings,
            Runnable onWatching) {
        this.controlPlane = controlPlane;
        this.line = line;
        this.watched = watched;
        this.alone = alone;
        this.closed = new Signal(surroundings);
        this.complaints = new Complaints(LOG, closed, LONGEST_PAUSE);
        this.onWatching = onWatching;
        this.thread = surroundings.thread("connection", this::keepUp);
    }

    public void start() {
        thread.start();
    }

    /// Whether the state is being kept current.
    public boolean isWatching() {
        return watching;
    }

    private void keepUp() {
        try {
            do {
                try {
                    line.awaitConnected();
                    controlPlane.watch(watched.state().position(), this::take);
                } catch (Unanswered e) {
                    complaints.say(e.getMessage());
                    line.lost(e);
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "the watch of the control plane failed, it is begun again", e);
                } finally {
                    watching = false;
                }
            } while (!closed.await(backoff.next()));
        } catch (InterruptedException e) {
            // Only close() interrupts.
            Thread.currentThread().interrupt();
        }
    }

    private boolean take(StateChange change) {
        if (closed.isGiven()) {
            return false;
        }
        var objection = watched.accept(change);
        if (objection.isPresent()) {
            complaints.say("what " + controlPlane.address() + " says of this node is not believed: " + objection.get());
            return false;
        }
        if (!watching) {
            alone.logIsHeard();
            watching = true;
            backoff.reset();
            complaints.areOver();
            LOG.log(Level.INFO, "watching {0} from position {1}", controlPlane.address(), change.position());
            onWatching.run();
        }
        return true;
    }

    /// The watch itself ends with the control plane's connection, which its owner closes.
    @Override
    public void close() {
        closed.give();
        thread.interrupt();
    }
}
