package io.ledgerway.server.testing;

import io.ledgerway.server.run.Workers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;

/// A clock and the threads of a loop on the test's own thread: time passes when the test lets it, and everything
/// that is due by then has been done.
public final class PassedTime implements Workers, InstantSource {

    private record Later(Duration at, long order, Runnable work) {}

    private final Queue<Runnable> now = new ArrayDeque<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparing(Later::at).thenComparing(Later::order));
    private Duration passed = Duration.ZERO;
    private Instant began = Instant.parse("2026-11-24T02:00:00Z");
    private Optional<List<Runnable>> held = Optional.empty();
    private long order;
    private boolean closed;
    private boolean working;

    @Override
    public Instant instant() {
        return began.plus(passed);
    }

    /// Somebody puts the clock right, or wrong; no time passes by that.
    public void jump(Duration by) {
        began = began.plus(by);
    }

    /// The next call begins when the test lets it.
    public List<Runnable> holdNextCall() {
        var calls = new ArrayList<Runnable>();
        held = Optional.of(calls);
        return calls;
    }

    public void pass(Duration time) {
        var until = passed.plus(time);
        work();
        while (!later.isEmpty() && later.peek().at().compareTo(until) <= 0) {
            var next = later.poll();
            passed = next.at();
            now.add(next.work());
            work();
        }
        passed = until;
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
            later.add(new Later(passed.plus(time), order++, work));
        }
    }

    @Override
    public void call(Runnable work) {
        if (held.isPresent()) {
            held.get().add(work);
            held = Optional.empty();
        } else {
            look(work);
        }
    }

    @Override
    public long nanoTime() {
        return passed.toNanos();
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
