package io.ledgerway.node;

import io.ledgerway.node.time.Machine;
import io.ledgerway.node.time.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/// This machine, whose wall clock is put wrong by the test, and for which more time passes than for the test.
public final class JumpingClock implements Surroundings {

    private final Surroundings machine = new Machine();
    private volatile Duration error = Duration.ZERO;
    private volatile long ahead;
    private volatile String held = "";

    public void jumpTo(Duration off) {
        error = off;
    }

    /// By the monotonic clock; whoever waits is not told.
    public void letPass(Duration time) {
        ahead += time.toNanos();
    }

    /// What that thread waits for has no limit of time from now on.
    public void holdPausesOf(String thread) {
        held = thread;
    }

    @Override
    public Instant now() {
        return machine.now().plus(error);
    }

    @Override
    public long nanoTime() {
        return machine.nanoTime() + ahead;
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

    @Override
    public long await(Lock lock, Condition condition, long nanos) throws InterruptedException {
        if (Thread.currentThread().getName().equals(held)) {
            condition.await();
            return nanos;
        }
        return machine.await(lock, condition, nanos);
    }
}
