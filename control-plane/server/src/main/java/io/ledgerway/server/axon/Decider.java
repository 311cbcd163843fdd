package io.ledgerway.server.axon;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// The one thread that decides for a partition, in the order of arrival. It is free again as soon as a
/// command's events are accepted, so the next is decided on top of them and shares their commit.
final class Decider implements AutoCloseable {

    /// Commands that wait to be decided; more are refused at once.
    static final int WAITING = 8_192;

    private static final Runnable STOP = () -> {};

    private final ArrayBlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;
    private final Runnable idle;
    private volatile boolean deciding;
    private volatile boolean ended;

    /// @param idle hears when nothing is left to decide
    Decider(String name, Runnable idle) {
        this.idle = idle;
        thread = Thread.ofPlatform().daemon().name("log-decider-" + name).start(this::run);
    }

    /// @return false if too many are waiting, or if it is closed
    boolean offer(Runnable command) {
        if (closed.get() || !waiting.offer(command)) {
            return false;
        }
        if (ended && waiting.remove(command)) {
            // It came behind the end; the engine refuses it on this thread as it would have on the other.
            command.run();
        }
        return true;
    }

    /// Whether something is being decided or waits for it.
    boolean busy() {
        return deciding || !waiting.isEmpty();
    }

    int waiting() {
        return waiting.size();
    }

    private void run() {
        try {
            while (true) {
                var next = waiting.take();
                if (next == STOP) {
                    break;
                }
                deciding = true;
                next.run();
                deciding = false;
                if (waiting.isEmpty()) {
                    idle.run();
                }
            }
        } catch (InterruptedException e) {
            // Only close() interrupts, when there was no room for its request to stop.
        }
        ended = true;
        for (var left = waiting.poll(); left != null; left = waiting.poll()) {
            left.run();
        }
    }

    /// What is waiting is run; a closed engine refuses it quickly.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && !waiting.offer(STOP)) {
            thread.interrupt();
        }
    }

    void awaitEnd(Duration atMost) {
        try {
            if (Thread.currentThread() != thread) {
                thread.join(atMost);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
