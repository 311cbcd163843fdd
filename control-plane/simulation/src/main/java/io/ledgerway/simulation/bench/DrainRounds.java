package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Account;
import io.ledgerway.simulation.demo.Called;
import io.ledgerway.simulation.demo.LogWitness;
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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Nodes that were alone tell the log of it: how long that takes from the log's return.
final class DrainRounds implements AutoCloseable {

    /// Idle addresses of each node, so that none has to wait for one that rests.
    static final int IDLE = 24;

    static final Duration COOL_DOWN = Duration.ofMillis(100);

    /// Pods that come and go one after the other; each has a sandbox of its own, because one whose last pod has just
    /// left has that pod's link still. Fewer than are idle.
    private static final int AT_A_STRETCH = 16;

    /// After that their addresses have rested: without the log a node looks for that every second.
    private static final Duration TO_REST = Duration.ofMillis(1300);

    private static final Duration TO_BE_TOLD = Duration.ofSeconds(120);
    private static final long THOUSAND = 1000;
    private static final int MOST_TOLD = 5;
    private static final double MILLISECONDS_PER_SECOND = 1000;

    private final BenchNode node;
    private final PluginCalls calls;
    private final String broker;
    private final Progress progress;
    private final Map<String, Contender> contenders = new LinkedHashMap<>();
    private final Map<String, Slots> slots = new LinkedHashMap<>();
    private final List<String> wrong = new ArrayList<>();

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
    /// @param memoryBefore of the control plane, before the log was away
    /// @param memoryHighest the most of it from then until everything was told
    /// @param calls that nodes answered without the log
    /// @param wrong what became of them otherwise than it should, in words
    private record Return(
            long entries,
            Duration longest,
            Duration back,
            double memoryBefore,
            double memoryHighest,
            int calls,
            List<String> wrong) {

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
                        back),
                lostOrDoubled("one node, %d times".formatted(times), returns));
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
                        List.of(once.back())),
                lostOrDoubled("%d nodes".formatted(nodes), List.of(once)),
                BenchFigure.lowerIsBetter(
                        "control plane, memory before %d nodes are alone".formatted(nodes), "MB", once.memoryBefore()),
                BenchFigure.lowerIsBetter(
                        "control plane, the most memory until all is told", "MB", once.memoryHighest()));
    }

    private BenchFigure lostOrDoubled(String who, List<Return> returns) {
        int calls = returns.stream().mapToInt(Return::calls).sum();
        var found = returns.stream().flatMap(each -> each.wrong().stream()).toList();
        found.stream().limit(MOST_TOLD).forEach(wrong::add);
        return BenchFigure.lowerIsBetter(
                        "calls that log or audit do not have once, of %,d; %s".formatted(calls, who), "", found.size())
                .aimAtValue(0);
    }

    /// Some of what does not fit, in words.
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    private static BenchFigure seconds(String name, List<Duration> took) {
        return BenchFigure.lowerIsBetter(name, "s", new Latencies(took).median() / MILLISECONDS_PER_SECOND);
    }

    private Return measure(List<String> names, int cycles) {
        node.awaitQuiet(names);
        var memory = new ProcessMemory(node.stage().controlPlanePid());
        double before = memory.resident();
        memory.forgetHighest();
        Absence.CONTROL_PLANE_SILENT.begin(node.stage());
        var made = comeAndGo(names, cycles);
        var last = new LinkedHashMap<String, Pod>();
        made.forEach(call -> last.put(call.pod().node(), call.pod()));
        var back = Instant.now();
        long started = System.nanoTime();
        Absence.CONTROL_PLANE_SILENT.end(node.stage());
        node.await(
                "the log to hear of everything of " + names,
                () -> last.entrySet().stream().allMatch(each -> node.hasOnly(each.getKey(), each.getValue())),
                TO_BE_TOLD);
        var took = Duration.ofNanos(System.nanoTime() - started);
        double highest = memory.highest();
        var wrong = new ArrayList<>(
                Account.of(made, LogWitness.read(broker), Set.of()).wrong());
        wrong.addAll(AuditedCalls.wrong(made, node.stage().questions().everyHolder()));
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
        return new Return(entries, longest, took, before, highest, made.size(), wrong);
    }

    /// On each of the nodes at once; the last pod of each stays, and tells when the log has heard of all before it.
    private List<Called> comeAndGo(List<String> names, int cycles) {
        var work = names.stream()
                .map(name -> (Callable<List<Called>>) () -> comeAndGo(name, cycles))
                .toList();
        try (var threads = Executors.newFixedThreadPool(names.size())) {
            var made = new ArrayList<Called>();
            for (var each : threads.invokeAll(work)) {
                made.addAll(each.get());
            }
            return made;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pods come and go", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("pods could not come and go without the log: " + e.getCause(), e);
        }
    }

    private List<Called> comeAndGo(String name, int cycles) {
        var made = new ArrayList<Called>();
        for (int done = 0; done < cycles; done += AT_A_STRETCH) {
            var pods = slots.get(name).newPods(Math.min(AT_A_STRETCH, cycles - done));
            made.addAll(calls.cycle(contenders.get(name), pods));
            Processes.await(() -> false, TO_REST);
        }
        made.add(calls.addOne(contenders.get(name), slots.get(name).newPods(1).getFirst()));
        return made;
    }

    @Override
    public void close() {
        slots.values().forEach(Slots::close);
    }
}
