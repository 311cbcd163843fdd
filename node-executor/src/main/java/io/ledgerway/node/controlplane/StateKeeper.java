package io.ledgerway.node.controlplane;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Writes the state file behind the calls: never on a call's way, and not more often than [#SHORTEST_INTERVAL].
public final class StateKeeper implements AutoCloseable {

    private static final Logger LOG = System.getLogger(StateKeeper.class.getName());
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(500);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

    private final StateFile file;
    private final Semaphore dirty = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private Thread thread;
    private boolean failing;

    public StateKeeper(StateFile file) {
        this.file = file;
    }

    /// @param contents what is to be saved at any time; nothing while there is no state
    public void start(Supplier<Optional<StateFile.Contents>> contents) {
        thread = Thread.ofPlatform().daemon().name("state-file").start(() -> keep(contents));
    }

    /// There is something new to save.
    public void touch() {
        if (dirty.availablePermits() == 0) {
            dirty.release();
        }
    }

    private void keep(Supplier<Optional<StateFile.Contents>> contents) {
        try {
            do {
                dirty.acquire();
                dirty.drainPermits();
                save(contents.get());
            } while (!closing.await(SHORTEST_INTERVAL.toNanos(), TimeUnit.NANOSECONDS));
            if (dirty.tryAcquire()) {
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
            if (!failing) {
                failing = true;
                LOG.log(Level.ERROR, "the node''s state cannot be saved, a restart would know less: {0}", e.toString());
            }
        }
    }

    /// Saves what is new and ends.
    @Override
    public void close() {
        touch();
        closing.countDown();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
