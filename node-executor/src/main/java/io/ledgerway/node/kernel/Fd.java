package io.ledgerway.node.kernel;

import java.util.concurrent.atomic.AtomicBoolean;

/// A file descriptor that is closed exactly once: a second close could hit a descriptor that someone else was given
/// meanwhile.
final class Fd implements AutoCloseable {
    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    Fd(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("not a file descriptor: " + number);
        }
        this.number = number;
    }

    int number() {
        if (closed.get()) {
            throw new IllegalStateException("file descriptor " + number + " is closed");
        }
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Sys.close(number);
        }
    }
}
