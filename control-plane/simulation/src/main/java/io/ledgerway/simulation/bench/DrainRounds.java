package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Progress;
import io.ledgerway.simulation.vpc.BoxId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Nodes that were alone tell the log of it: how long that takes from the log's return.
final class DrainRounds implements AutoCloseable {

    /// Idle addresses of each node, so that none has to wait for one that rests.
    static final int IDLE = 24;

    static final Duration COOL_DOWN = Duration.ofMillis(100);

    /// Pods that come and go one after the other; each has a sandbox of its own, because one whose last pod has just
    /// left
    /// has that pod's link still. Fewer than are idle.
    private static final int AT_A_STRETCH = 16;

    /// After that their addresses have rested: without the log a node looks for that every second.
    private static final Duration TO_REST = Duration.ofMillis(1300);

    private static final Duration TO_BE_TOLD = Duration.ofSeconds(120);
    private static final long THOUSAND = 1000;
    private static final double MILLISECONDS_PER_SECOND = 1000;

    private final BenchNode node;
    private final PluginCalls calls;
    private final String broker;
    private final Progress progress;
    private final Map<String, Contender> contenders = new LinkedHashMap<>();
    private final Map<String, Slots> slots = new LinkedHashMap<>();

    DrainRounds(
            BenchNode node, PluginCalls calls, BoxId box, Path plugin, Path folder, String broker, Progress progress) {
        this.node = node;
        this.calls = calls;
        this.broker = broker;
        this.progress = progress;
        for (var name : node.others()) {
            contenders.put(name, Contender.ledgerway(plugin, node.socketOf(name), folder));
            slots.put(name, new Slots(box, "drain-" + name, name, AT_A_STRETCH));
        }
    }

    /// What one return of the log was like.
    ///
    /// @param entries that were told by all nodes
    /// @param longest drain of a node
    /// @param back from the log's return until it had heard of everything
    private record Return(long entries, Duration longest, Duration back) {

        Duration perThousand(int nodes) {
            return longest.multipliedBy(THOUSAND * nodes).dividedBy(entries);
        }
    }

    List<BenchFigure> one(int times, int cycles) {
        progress.step("one node tells the log of what it did alone");
        var returns = new ArrayList<Return>();
        for (int time = 1; time <= times; time++) {
            returns.add(measure(node.others().subList(0, 1), cycles));
            progress.at(time, times);
        }
        var drain = returns.stream().map(each -> each.perThousand(1)).toList();
        var back = returns.stream().map(Return::back).toList();
        return List.of(
                seconds("drain of 1,000 entries", drain).aimAtValue(OutageBench.AIM_DRAIN_SECONDS),
                seconds(
                        "log back to all told, %,d entries"
                                .formatted(returns.getFirst().entries()),
                        back));
    }

    List<BenchFigure> all(int cycles) {
        int nodes = node.others().size();
        progress.step(nodes + " nodes tell the log at once of what they did alone");
        var once = measure(node.others(), cycles);
        return List.of(
                seconds(
                        "drain of 1,000 entries, %d nodes at once, the longest".formatted(nodes),
                        List.of(once.perThousand(nodes))),
                seconds(
                        "log back to all told, %d nodes with %,d entries".formatted(nodes, once.entries()),
                        List.of(once.back())));
    }

    private static BenchFigure seconds(String name, List<Duration> took) {
        return BenchFigure.lowerIsBetter(name, "s", new Latencies(took).median() / MILLISECONDS_PER_SECOND);
    }

    private Return measure(List<String> names, int cycles) {
        node.awaitQuiet(names);
        Absence.CONTROL_PLANE_SILENT.begin(node.stage());
        var last = new LinkedHashMap<String, Pod>();
        comeAndGo(names, cycles).forEach(last::putAll);
        var back = Instant.now();
        long started = System.nanoTime();
        Absence.CONTROL_PLANE_SILENT.end(node.stage());
        node.await(
                "the log to hear of everything",
                () -> last.entrySet().stream().allMatch(each -> node.hasOnly(each.getKey(), each.getValue())),
                TO_BE_TOLD);
        var took = Duration.ofNanos(System.nanoTime() - started);
        last.forEach((name, pod) -> calls.delete(contenders.get(name), List.of(pod), 1));
        var drains = JournalDrains.read(broker);
        var longest = Duration.ZERO;
        long entries = 0;
        for (var name : names) {
            var drain = drains.since(name, back)
                    .orElseThrow(() -> new IllegalStateException("the log has less than two batches of " + name));
            entries += drain.entries();
            longest = longest.compareTo(drain.took()) > 0 ? longest : drain.took();
        }
        return new Return(entries, longest, took);
    }

    /// On each of the nodes at once; the last pod of each stays, and tells when the log has heard of all before it.
    private List<Map<String, Pod>> comeAndGo(List<String> names, int cycles) {
        var work = names.stream()
                .map(name -> (Callable<Map<String, Pod>>) () -> comeAndGo(name, cycles))
                .toList();
        try (var threads = Executors.newFixedThreadPool(names.size())) {
            var results = new ArrayList<Map<String, Pod>>();
            for (var each : threads.invokeAll(work)) {
                results.add(each.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pods come and go", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("pods could not come and go without the log: " + e.getCause(), e);
        }
    }

    private Map<String, Pod> comeAndGo(String name, int cycles) {
        for (int done = 0; done < cycles; done += AT_A_STRETCH) {
            calls.cycle(contenders.get(name), slots.get(name).newPods(Math.min(AT_A_STRETCH, cycles - done)));
            Processes.await(() -> false, TO_REST);
        }
        var last = slots.get(name).newPods(1).getFirst();
        calls.add(contenders.get(name), List.of(last), 1);
        return Map.of(name, last);
    }

    @Override
    public void close() {
        slots.values().forEach(Slots::close);
    }
}
