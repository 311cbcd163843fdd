package io.ledgerway.server.testing;

import io.ledgerway.server.run.Workers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/// A clock and the threads of a loop on the test's own thread: time passes when the test lets it, and everything that
/// is
/// due by then has been done.
public final class PassedTime implements Workers, InstantSource {

    private record Later(Instant at, long order, Runnable work) {}

    private final Queue<Runnable> now = new ArrayDeque<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparing(Later::at).thenComparing(Later::order));
    private Instant instant = Instant.parse("2026-11-24T02:00:00Z");
    private long order;
    private boolean closed;
    private boolean working;

    @Override
    public Instant instant() {
        return instant;
    }

    public void pass(Duration time) {
        var until = instant.plus(time);
        work();
        while (!later.isEmpty() && !later.peek().at().isAfter(until)) {
            var next = later.poll();
            instant = next.at();
            now.add(next.work());
            work();
        }
        instant = until;
    }

    private void work() {
        if (working) {
            return;
        }
        working = true;
        try {
            while (!now.isEmpty()) {
                now.poll().run();
            }
        } finally {
            working = false;
        }
    }

    @Override
    public void look(Runnable work) {
        if (!closed) {
            now.add(work);
        }
    }

    @Override
    public void lookIn(Duration time, Runnable work) {
        if (!closed) {
            later.add(new Later(instant.plus(time), order++, work));
        }
    }

    @Override
    public void call(Runnable work) {
        look(work);
    }

    @Override
    public long nanoTime() {
        return Duration.between(Instant.EPOCH, instant).toNanos();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        now.clear();
        later.clear();
    }
}
