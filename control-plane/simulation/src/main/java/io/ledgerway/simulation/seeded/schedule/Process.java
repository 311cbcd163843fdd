package io.ledgerway.simulation.seeded.schedule;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// One process of the simulated world: its threads are virtual ones that nobody but the scheduler runs.
/// Killed, they never go on from where they are; stopped, they wait.
///
/// Transitions: running <-> stopped; either -> killed.
public final class Process implements Executor {

    private static final String NEEDS = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    private static final MethodHandle BUILDER = builder();

    private final Scheduler scheduler;
    private final String name;
    private final int number;
    private final Consumer<Throwable> onFailure;
    private final long beganNanos;
    private final List<Runnable> held = new ArrayList<>();
    private boolean killed;
    private boolean stopped;

    /// @param number the process's place in the order in which they were made
    /// @param onFailure told what a thread of it ended with, other than by its own end
    public Process(Scheduler scheduler, String name, int number, Consumer<Throwable> onFailure) {
        this.scheduler = scheduler;
        this.name = name;
        this.number = number;
        this.onFailure = onFailure;
        this.beganNanos = scheduler.now();
    }

    /// The JDK has such threads for its own tests and opens them to nobody else.
    private static MethodHandle builder() {
        try {
            var type = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
            var constructor = type.getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("the simulation runs on JDK 25 with " + NEEDS, e);
        }
    }

    int number() {
        return number;
    }

    public long beganNanos() {
        return beganNanos;
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public boolean isKilled() {
        return killed;
    }

    public boolean isStopped() {
        return stopped;
    }

    public boolean isRunning() {
        return !killed && !stopped;
    }

    /// As SIGKILL does.
    public void kill() {
        killed = true;
        held.clear();
    }

    /// As SIGSTOP does.
    public void stop() {
        stopped = true;
    }

    /// As SIGCONT does.
    public void goOn() {
        stopped = false;
        held.forEach(work -> scheduler.soon(this, work));
        held.clear();
    }

    void hold(Runnable work) {
        held.add(work);
    }

    /// For the JDK: a thread of this process can go on.
    @Override
    public void execute(Runnable continuation) {
        if (!killed) {
            scheduler.ready(this, continuation);
        }
    }

    public Thread thread(String threadName, Runnable work) {
        try {
            var builder = (Thread.Builder.OfVirtual) BUILDER.invokeExact((Executor) this);
            return builder.name(threadName).unstarted(() -> guarded(work));
        } catch (Throwable e) {
            throw new IllegalStateException("no thread for " + name, e);
        }
    }

    public void start(String threadName, Runnable work) {
        thread(threadName, work).start();
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            onFailure.accept(e);
        }
    }

    /// Work that never waits needs no thread.
    public Scheduler.Event in(Duration time, Runnable work) {
        return scheduler.in(time, this, () -> guarded(work));
    }

    public Scheduler.Event soon(Runnable work) {
        return scheduler.soon(this, () -> guarded(work));
    }

    /// Lets time pass for the thread that calls.
    public void pass(Duration time) {
        var slot = new Slot<Boolean>(this);
        slot.await(time);
    }

    /// A place where one thread of the process waits for something that comes once.
    public static final class Slot<T> {
        private final Process process;
        private Thread waiting;
        private T value;
        private boolean timeIsUp;

        public Slot(Process process) {
            this.process = process;
        }

        /// What comes first stays.
        public void give(T given) {
            if (value == null) {
                value = given;
                LockSupport.unpark(waiting);
            }
        }

        public boolean isGiven() {
            return value != null;
        }

        /// Null if the time passes first.
        public T await(Duration atMost) {
            waiting = Thread.currentThread();
            var timer = process.scheduler.wakeIn(atMost.toNanos(), process, () -> {
                timeIsUp = true;
                LockSupport.unpark(waiting);
            });
            boolean interrupted = false;
            while (value == null && !timeIsUp) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            timer.cancel();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return value;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
