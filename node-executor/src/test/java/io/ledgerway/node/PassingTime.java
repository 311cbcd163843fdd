package io.ledgerway.node;

import io.ledgerway.node.time.Machine;
import io.ledgerway.node.time.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/// Time that passes only while somebody waits, and then at once; what the test says happens at the first wait. For one
/// thread.
public class PassingTime implements Surroundings {

    private final Surroundings machine = new Machine();
    private long nanos;
    private Optional<Runnable> next = Optional.empty();

    /// Happens once, while the next wait lasts, and ends it.
    public void meanwhile(Runnable what) {
        next = Optional.of(what);
    }

    /// Since this was made.
    public Duration passed() {
        return Duration.ofNanos(nanos);
    }

    @Override
    public long await(Lock lock, Condition condition, long atMost) {
        if (atMost <= 0) {
            throw new AssertionError("its time is over, and it waits on");
        }
        if (next.isPresent()) {
            var what = next.get();
            next = Optional.empty();
            what.run();
            return atMost;
        }
        nanos += atMost;
        return 0;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public String newName() {
        return machine.newName();
    }

    @Override
    public Thread thread(String name, Runnable work) {
        return machine.thread(name, work);
    }

    @Override
    public Thread blockingThread(String name, Runnable work) {
        return machine.blockingThread(name, work);
    }
}
