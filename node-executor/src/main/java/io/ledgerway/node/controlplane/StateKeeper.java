package io.ledgerway.node.controlplane;

import io.ledgerway.node.time.Signal;
import io.ledgerway.node.time.Surroundings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Writes the state file behind the calls: never on a call's way, and not more often than [#SHORTEST_INTERVAL].
public final class StateKeeper implements AutoCloseable {

    private static final Logger LOG = System.getLogger(StateKeeper.class.getName());
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(500);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

    private final StateStore file;
    private final Surroundings surroundings;
    private final Signal dirty;
    /// The pause between two savings is over.
    private final Signal pauseOver;
    private volatile boolean closed;
    private Thread thread;
    private boolean failing;

    public StateKeeper(StateStore file, Surroundings surroundings) {
        this.file = file;
        this.surroundings = surroundings;
        this.dirty = new Signal(surroundings);
        this.pauseOver = new Signal(surroundings);
    }

    /// @param contents what is to be saved at any time; nothing while there is no state
    public void start(Supplier<Optional<StateFile.Contents>> contents) {
        thread = surroundings.blockingThread("state-file", () -> keep(contents));
        thread.start();
    }

    /// There is something new to save.
    public void touch() {
        dirty.give();
    }

    /// There is something new to save that a restart cannot do without.
    public void hurry() {
        dirty.give();
        pauseOver.give();
    }

    private void keep(Supplier<Optional<StateFile.Contents>> contents) {
        try {
            do {
                dirty.await();
                dirty.takeBack();
                pauseOver.takeBack();
                save(contents.get());
                if (!closed) {
                    pauseOver.await(SHORTEST_INTERVAL);
                }
            } while (!closed);
            if (dirty.isGiven()) {
                save(contents.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void save(Optional<StateFile.Contents> now) {
        try {
            if (now.isPresent()) {
                file.save(now.get());
            }
            failing = false;
        } catch (IOException e) {
            // Tried again though nothing is new: a restart without the log rests on it.
            dirty.give();
            if (!failing) {
                failing = true;
                LOG.log(Level.ERROR, "the node''s state cannot be saved, a restart would know less: {0}", e.toString());
            }
        }
    }

    /// Saves what is new and ends.
    @Override
    public void close() {
        closed = true;
        hurry();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
