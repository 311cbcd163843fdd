package io.ledgerway.node.time;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Something that one thread says and others wait for. It stays said until it is taken back.
public final class Signal {

    private final Surroundings surroundings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition given = lock.newCondition();
    private boolean isGiven;

    public Signal(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    public void give() {
        lock.lock();
        try {
            isGiven = true;
            given.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public void takeBack() {
        lock.lock();
        try {
            isGiven = false;
        } finally {
            lock.unlock();
        }
    }

    /// Takes it back and says whether it was given: none that comes in between is lost.
    public boolean take() {
        lock.lock();
        try {
            boolean wasGiven = isGiven;
            isGiven = false;
            return wasGiven;
        } finally {
            lock.unlock();
        }
    }

    public boolean isGiven() {
        lock.lock();
        try {
            return isGiven;
        } finally {
            lock.unlock();
        }
    }

    public void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isGiven) {
                given.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// False if the time passes first.
    public boolean await(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isGiven && left > 0) {
                left = surroundings.await(lock, given, left);
            }
            return isGiven;
        } finally {
            lock.unlock();
        }
    }
}
