package io.ledgerway.node.time;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/// The machine that the program runs on.
public final class Machine implements Surroundings {

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public String newName() {
        return UUID.randomUUID().toString();
    }

    @Override
    public Thread thread(String name, Runnable work) {
        return Thread.ofVirtual().name(name).unstarted(work);
    }

    @Override
    public Thread blockingThread(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).unstarted(work);
    }

    @Override
    public long await(Lock lock, Condition condition, long nanos) throws InterruptedException {
        return condition.awaitNanos(nanos);
    }
}
