package io.ledgerway.node.time;

import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/// What the executor's logic has of the machine besides kernel, disk and network: time, threads and names. Nothing
/// above those takes them from elsewhere, so that a test can run it on time of its own.
public interface Surroundings {

    /// The wall clock, which may be put right at any time: for what is told, never for how long something takes.
    Instant now();

    /// A monotonic clock, of this run only.
    long nanoTime();

    /// A name that nobody else draws.
    String newName();

    /// A thread that has not been started.
    Thread thread(String name, Runnable work);

    /// The same for work that blocks its processor, as files do.
    Thread blockingThread(String name, Runnable work);

    /// Waits on a condition of `lock`, which the caller holds, like [Condition#awaitNanos].
    ///
    /// @return what is left of the time; nothing or less when it has passed
    long await(Lock lock, Condition condition, long nanos) throws InterruptedException;
}
