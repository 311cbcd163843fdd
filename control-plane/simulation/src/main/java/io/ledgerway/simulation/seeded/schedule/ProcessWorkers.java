package io.ledgerway.simulation.seeded.schedule;

import io.ledgerway.server.run.Workers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// The threads of a loop, in virtual time. Looking never waits, so it needs no thread.
public final class ProcessWorkers implements Workers {

    private final Process process;
    private final Deque<Runnable> toDo = new ArrayDeque<>();
    private boolean closed;

    public ProcessWorkers(Process process) {
        this.process = process;
    }

    @Override
    public void look(Runnable work) {
        if (closed) {
            return;
        }
        toDo.add(work);
        if (toDo.size() == 1) {
            process.soon(this::lookOnce);
        }
    }

    private void lookOnce() {
        try {
            toDo.getFirst().run();
        } finally {
            toDo.removeFirst();
            if (!toDo.isEmpty()) {
                process.soon(this::lookOnce);
            }
        }
    }

    @Override
    public void lookIn(Duration time, Runnable work) {
        if (!closed) {
            process.in(time, () -> lookNow(work));
        }
    }

    /// In the timer's own step, unless there is something to do before.
    private void lookNow(Runnable work) {
        if (closed) {
            return;
        }
        toDo.add(work);
        if (toDo.size() == 1) {
            lookOnce();
        }
    }

    @Override
    public void call(Runnable work) {
        process.start("cloud-call", work);
    }

    @Override
    public long nanoTime() {
        return process.scheduler().now();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        toDo.clear();
    }
}
