package io.ledgerway.simulation.seeded.schedule;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// Virtual time, and everything that is to happen in it, one thing after the other on one real thread.
///
/// A step is one event: a thread runs from one call of a port to the next, a message arrives, a timer
/// rings, a fault strikes. Between any two steps any process may be killed or stopped, so each step is a
/// place to crash at. What is ready at once happens in an order that the seed draws.
public final class Scheduler {

    /// Who becomes ready runs within this, so that any of several may be first.
    private static final int LONGEST_JITTER_NANOS = 20_000;

    private static final long HASH_FACTOR = 0x9E37_79B9_7F4A_7C15L;

    /// Something that will happen.
    public static final class Event implements Comparable<Event> {
        private final long at;
        private final long order;
        private final Process process;
        private Runnable work;

        private Event(long at, long order, Process process, Runnable work) {
            this.at = at;
            this.order = order;
            this.process = process;
            this.work = work;
        }

        public void cancel() {
            work = null;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final SplittableRandom jitter;
    private final Thread runner = Thread.currentThread();
    private long now;
    private long nextOrder;
    private long steps;
    private long hash;
    private boolean isRinging;
    private Runnable awoken;

    /// Set by another thread than the one that runs the steps, if at all.
    private volatile String intruder;

    public Scheduler(SplittableRandom jitter) {
        this.jitter = jitter;
    }

    /// Nanoseconds since the beginning.
    public long now() {
        return now;
    }

    public long steps() {
        return steps;
    }

    /// The same for the same history of steps.
    public long hash() {
        return hash;
    }

    /// @param process whose event it is: it does not happen once that is killed, and waits while it is stopped
    public Event in(Duration time, Process process, Runnable work) {
        return in(time.toNanos(), process, work);
    }

    public Event in(long nanos, Process process, Runnable work) {
        var event = new Event(now + Math.max(0, nanos), nextOrder++, process, work);
        events.add(event);
        return event;
    }

    /// Very soon, in an order that the seed draws.
    public Event soon(Process process, Runnable work) {
        return in(jitter.nextInt(LONGEST_JITTER_NANOS), process, work);
    }

    /// A thread of `process` can go on. The one that a timer wakes goes on in the timer's own step.
    void ready(Process process, Runnable continuation) {
        if (Thread.currentThread() != runner && !Thread.currentThread().isVirtual()) {
            // Thrown here it would end the JVM's own thread, and with it every later seed.
            intruder = "the JVM's thread " + Thread.currentThread().getName() + " has made " + process
                    + " go on, so this run is not the seed's alone; somebody waited for a monitor";
            return;
        }
        if (isRinging && awoken == null) {
            awoken = continuation;
        } else {
            soon(process, continuation);
        }
    }

    /// The same as `in`, for work that does nothing but wake one thread.
    Event wakeIn(long nanos, Process process, Runnable wake) {
        return in(nanos, process, () -> {
            isRinging = true;
            try {
                wake.run();
            } finally {
                isRinging = false;
            }
            var continuation = awoken;
            awoken = null;
            if (continuation != null) {
                continuation.run();
            }
        });
    }

    /// Lets the next thing happen; false if there is nothing any more.
    ///
    /// @throws IllegalStateException if anybody else than this scheduler has made a thread go on
    public boolean step() {
        if (intruder != null) {
            throw new IllegalStateException(intruder);
        }
        for (var event = events.poll(); event != null; event = events.poll()) {
            var work = event.work;
            if (work == null || event.process.isKilled()) {
                continue;
            }
            now = event.at;
            if (event.process.isStopped()) {
                event.process.hold(work);
                continue;
            }
            steps++;
            hash = (hash ^ now ^ event.process.number()) * HASH_FACTOR;
            work.run();
            return true;
        }
        return false;
    }

    /// Something that the history is to be known by, beside its steps.
    public void mix(long value) {
        hash = (hash ^ value) * HASH_FACTOR;
    }
}
