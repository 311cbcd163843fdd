package io.ledgerway.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a program has opened, to be closed in the other direction, all of it within one limit: whoever sends SIGTERM
/// kills after a while, and a part that hangs must not keep the others from their end.
final class Parts {

    private static final Logger LOG = System.getLogger(Parts.class.getName());

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private volatile String closing = "nothing";

    /// Waits for ever once closing has begun: nothing is opened any more.
    synchronized <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    /// Closes the last one first. False if that takes longer; it goes on then, on a thread that keeps no JVM alive.
    boolean close(Duration atMost) {
        var closer = Thread.ofPlatform().name("closing").daemon().start(this::closeAll);
        try {
            if (closer.join(atMost)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.log(Level.WARNING, "{0} has not closed in {1} s; the program ends without it", closing, atMost.toSeconds());
        return false;
    }

    private synchronized void closeAll() {
        while (!opened.isEmpty()) {
            var part = opened.pop();
            closing = part.getClass().getSimpleName();
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "stopping: " + e.getMessage(), e);
            }
        }
    }
}
