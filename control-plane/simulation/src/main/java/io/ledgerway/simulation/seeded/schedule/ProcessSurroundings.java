package io.ledgerway.simulation.seeded.schedule;

import io.ledgerway.node.time.Surroundings;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/// What an executor has of its machine, in virtual time.
public final class ProcessSurroundings implements Surroundings {

    private final Process process;
    private final WallClock clock;
    private final Supplier<String> names;

    public ProcessSurroundings(Process process, WallClock clock, Supplier<String> names) {
        this.process = process;
        this.clock = clock;
        this.names = names;
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public long nanoTime() {
        return process.scheduler().now();
    }

    @Override
    public String newName() {
        return names.get();
    }

    @Override
    public Thread thread(String name, Runnable work) {
        return process.thread(name, work);
    }

    @Override
    public Thread blockingThread(String name, Runnable work) {
        return process.thread(name, work);
    }

    /// The JDK's timed waits run on its own timers; so this waits without a time, and a timer of ours
    /// signals. Others that wait on the condition are woken too, as they may be at any time.
    @Override
    public long await(Lock lock, Condition condition, long nanos) throws InterruptedException {
        long end = process.scheduler().now() + nanos;
        var timer = process.scheduler().in(nanos, process, () -> ring(lock, condition));
        try {
            condition.await();
        } finally {
            timer.cancel();
        }
        return end - process.scheduler().now();
    }

    private void ring(Lock lock, Condition condition) {
        if (lock.tryLock()) {
            try {
                condition.signalAll();
            } finally {
                lock.unlock();
            }
        } else {
            process.start("timer", () -> {
                lock.lock();
                try {
                    condition.signalAll();
                } finally {
                    lock.unlock();
                }
            });
        }
    }
}
