package io.ledgerway.simulation.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Pods that come and go on all nodes at a steady pace until it is told to stop: of each node's, the oldest goes when a
/// new one has come.
public final class Churn {

    /// Calls under way at once.
    private static final int AT_ONCE = 6;

    /// What waits for a thread at most; beyond that a pod does not come, and is counted as not tried.
    private static final int MOST_WAITING = 60;

    private static final Duration TO_END = Duration.ofMinutes(2);

    /// @param podsPerSecond how many come on all nodes together, and as many go
    /// @param podsPerNode how many live on each node before the first one goes
    /// @param patience how long a call that fails is repeated, as a kubelet does; zero for not at all
    public record Pace(double podsPerSecond, int podsPerNode, Duration patience) {

        static final Duration BETWEEN_TRIES = Duration.ofMillis(300);

        public Pace(double podsPerSecond, int podsPerNode) {
            this(podsPerSecond, podsPerNode, Duration.ZERO);
        }
    }

    /// @param failures calls that failed until the end of all patience, in words
    /// @param notTried pods for which this machine was too slow
    public record Outcome(List<Duration> adds, List<Duration> deletes, List<String> failures, int notTried) {

        public Outcome {
            adds = List.copyOf(adds);
            deletes = List.copyOf(deletes);
            failures = List.copyOf(failures);
        }
    }

    private final Sandboxes sandboxes;
    private final Pace pace;
    private final List<String> nodes;
    private final Map<String, Deque<Sandboxes.Running>> living = new LinkedHashMap<>();
    private final ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Duration> adds = new ArrayList<>();
    private final List<Duration> deletes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int ticks;
    private int notTried;

    private Churn(Sandboxes sandboxes, List<String> nodes, Pace pace) {
        this.sandboxes = sandboxes;
        this.nodes = nodes;
        this.pace = pace;
        nodes.forEach(node -> living.put(node, new ArrayDeque<>()));
    }

    public static Churn start(Scene scene, Pace pace) {
        var churn =
                new Churn(scene.sandboxes(), List.copyOf(scene.stage().nodes().keySet()), pace);
        long period = Math.round(Duration.ofSeconds(1).toNanos() / pace.podsPerSecond());
        churn.clock.scheduleAtFixedRate(churn::tick, 0, period, TimeUnit.NANOSECONDS);
        return churn;
    }

    private synchronized void tick() {
        var node = nodes.get(ticks++ % nodes.size());
        if (waiting.get() >= MOST_WAITING) {
            notTried++;
            return;
        }
        waiting.incrementAndGet();
        try {
            callers.execute(() -> turn(node));
        } catch (RejectedExecutionException stopped) {
            waiting.decrementAndGet();
        }
    }

    private void turn(String node) {
        try {
            add(node);
            oldestOf(node).forEach(this::delete);
        } catch (RuntimeException e) {
            failed("a pod's turn on " + node + ": " + e);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private void add(String node) {
        var pod = sandboxes.newPod(node);
        var began = Instant.now();
        var answer = sandboxes.tryAdd(pod, began);
        while (!answer.succeeded() && hasPatience(began)) {
            answer = sandboxes.tryAdd(pod, began);
        }
        if (answer.succeeded()) {
            var running = new Sandboxes.Running(pod, answer, Instant.now());
            synchronized (this) {
                adds.add(answer.took());
                living.get(node).addLast(running);
            }
        } else {
            failed("ADD of " + pod + " on " + node + ": " + answer.error());
            sandboxes.giveUp(pod);
        }
    }

    private synchronized List<Sandboxes.Running> oldestOf(String node) {
        var queue = living.get(node);
        var leaving = new ArrayList<Sandboxes.Running>();
        while (queue.size() > pace.podsPerNode()) {
            leaving.add(queue.removeFirst());
        }
        return leaving;
    }

    private void delete(Sandboxes.Running each) {
        var began = Instant.now();
        var answer = sandboxes.tryDelete(each, began);
        while (!answer.succeeded() && hasPatience(began)) {
            answer = sandboxes.tryDelete(each, began);
        }
        if (answer.succeeded()) {
            sandboxes.end(each);
            synchronized (this) {
                deletes.add(answer.took());
            }
        } else {
            failed("DEL of " + each.pod() + " on " + each.pod().node() + ": " + answer.error());
        }
    }

    private boolean hasPatience(Instant began) {
        boolean left = Duration.between(began, Instant.now()).compareTo(pace.patience()) < 0;
        return left && !Processes.await(() -> false, Pace.BETWEEN_TRIES);
    }

    private synchronized void failed(String what) {
        failures.add(what);
    }

    /// No pod comes any more; the calls under way end, and the pods that live stay.
    public Outcome stop() {
        clock.shutdownNow();
        callers.shutdown();
        try {
            if (!callers.awaitTermination(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "calls of the plugin had not ended " + TO_END + " after the last began");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pods come and go", e);
        }
        synchronized (this) {
            return new Outcome(adds, deletes, failures, notTried);
        }
    }

    /// The pods that live still go; it must have been stopped.
    public void clear() {
        for (var queue : living.values()) {
            queue.forEach(sandboxes::removeOne);
            queue.clear();
        }
    }
}
