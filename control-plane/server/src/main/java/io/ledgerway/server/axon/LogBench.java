package io.ledgerway.server.axon;

import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.server.kafka.BareGroupCommit;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.LogTopics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/// How many commands a second are decided and made durable through the whole command path, beside a bare transactional
/// producer with the same group commit in the same process. Rounds alternate, and what is reported are medians.
public final class LogBench {

    /// Loggers that say something about every command when nobody has told them not to; a server has.
    private static final List<Logger> TALKATIVE =
            List.of(Logger.getLogger("org.axonframework"), Logger.getLogger("org.apache.kafka"));

    private final LogSettings settings;
    private final Duration round;
    private final int rounds;
    private final Consumer<String> progress;

    /// @param round how long each side is measured each time
    /// @param rounds how often
    public LogBench(LogSettings settings, Duration round, int rounds, Consumer<String> progress) {
        this.settings = settings;
        this.round = round;
        this.rounds = rounds;
        this.progress = progress;
    }

    /// @param name of the case
    /// @param ours commands decided and durable per second: allocations, releases and removals in equal parts
    /// @param bare appends of as many records and bytes durable per second
    /// @param ratio the median of the rounds' ratios
    public record Figure(
            String name, int callers, double ours, double bare, double ratio, Duration p50, Duration p99) {}

    /// One caller, 20 on one node, 32 on as many nodes of one partition.
    public List<Figure> run() throws Exception {
        return List.of(
                measure("1 caller", 1, 1), measure("20 callers, one node", 20, 1), measure("32 callers", 32, 32));
    }

    private Figure measure(String name, int callers, int nodes) throws Exception {
        TALKATIVE.forEach(logger -> logger.setLevel(Level.WARNING));
        var run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
        var log = settings.withTopic("ledgerway-bench-" + run);
        var bareLog = settings.withTopic("ledgerway-bench-bare-" + run);
        LogTopics.ensure(log, 1);
        LogTopics.ensure(bareLog, 1);
        var configuration =
                new Partitions.Configuration(log, new ClusterId("bench"), 1, "localhost:0", InstantSource.system());
        try (var partition = new TakeOver(configuration, 0).open();
                var bare = new BareGroupCommit(bareLog)) {
            var pods = new ArrayList<BenchPod>();
            for (int node = 0; node < nodes; node++) {
                pods.addAll(BenchPod.onNewNode(partition, "node-" + node, callers / nodes));
            }
            var ours = new ArrayList<Callable<Long>>();
            var theirs = new ArrayList<Callable<Long>>();
            for (var pod : pods) {
                ours.add(pod::next);
                theirs.add(new BareCaller(bare, pod.sizes()));
            }
            return alternate(name, ours, theirs);
        }
    }

    /// Appends as many records of as many bytes as a pod's commands do, without deciding anything.
    private static final class BareCaller implements Callable<Long> {
        private final BareGroupCommit bare;
        private final List<List<byte[]>> values;
        private int step;

        BareCaller(BareGroupCommit bare, List<List<Integer>> sizes) {
            this.bare = bare;
            values = sizes.stream()
                    .map(step -> step.stream().map(byte[]::new).toList())
                    .toList();
        }

        @Override
        public Long call() throws Exception {
            long begun = System.nanoTime();
            bare.append(values.get(step)).get();
            step = (step + 1) % values.size();
            return System.nanoTime() - begun;
        }
    }

    private Figure alternate(String name, List<Callable<Long>> ours, List<Callable<Long>> theirs) throws Exception {
        closedLoop(theirs);
        closedLoop(ours);
        var oursPerSecond = new double[rounds];
        var barePerSecond = new double[rounds];
        var ratios = new double[rounds];
        long[] latencies = {};
        for (int i = 0; i < rounds; i++) {
            barePerSecond[i] = closedLoop(theirs).length / (round.toNanos() / 1e9);
            latencies = closedLoop(ours);
            oursPerSecond[i] = latencies.length / (round.toNanos() / 1e9);
            ratios[i] = oursPerSecond[i] / barePerSecond[i];
            progress.accept("%s, round %d of %d: %.0f/s, bare %.0f/s, ratio %.2f"
                    .formatted(name, i + 1, rounds, oursPerSecond[i], barePerSecond[i], ratios[i]));
        }
        Arrays.sort(latencies);
        return new Figure(
                name,
                ours.size(),
                median(oursPerSecond),
                median(barePerSecond),
                median(ratios),
                Duration.ofNanos(latencies[latencies.length / 2]),
                Duration.ofNanos(latencies[(int) (latencies.length * 0.99)]));
    }

    /// Each caller on a thread of its own, one call after the other; returns how long each took.
    private long[] closedLoop(List<Callable<Long>> callers) throws Exception {
        try (var threads = Executors.newFixedThreadPool(callers.size())) {
            long end = System.nanoTime() + round.toNanos();
            var running = new ArrayList<Future<List<Long>>>();
            for (var caller : callers) {
                running.add(threads.submit(() -> {
                    var took = new ArrayList<Long>();
                    while (System.nanoTime() < end) {
                        took.add(caller.call());
                    }
                    return took;
                }));
            }
            var all = new ArrayList<Long>();
            for (var caller : running) {
                all.addAll(caller.get());
            }
            return all.stream().mapToLong(Long::longValue).toArray();
        }
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
