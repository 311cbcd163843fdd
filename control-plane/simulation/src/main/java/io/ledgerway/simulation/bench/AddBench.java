package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.DemoSettings;
import io.ledgerway.simulation.demo.Progress;
import io.ledgerway.simulation.vpc.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `bench add`: what a pod waits for, what the log takes, and what the executor costs.
final class AddBench {

    /// Ours over the peer's.
    static final double AIM_P50 = 0.6;

    static final double AIM_P99 = 1.0;

    /// Of what a bare producer does.
    static final double AIM_THROUGHPUT = 0.7;

    static final double AIM_MEGABYTES = 80;
    static final double AIM_START_SECONDS = 1;

    enum Part {
        LOG,
        CALLS,
        EXECUTOR
    }

    /// What it needs that a demo does not.
    ///
    /// @param timer the program that times others
    /// @param plugins the folder of the reference plugins
    /// @param broker Kafka's address
    record Tools(Path timer, Path plugins, String broker) {}

    private final DemoSettings settings;
    private final Tools tools;
    private final Effort effort;
    private final Progress progress;
    private final List<BenchFigure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    AddBench(DemoSettings settings, Tools tools, Effort effort, Progress progress) {
        this.settings = settings;
        this.tools = tools;
        this.effort = effort;
        this.progress = progress;
    }

    BenchReport run(Set<Part> parts, String commit) throws Exception {
        var machine = Machine.describe();
        if (parts.contains(Part.LOG)) {
            // Before there is anything else that would share the processor cores.
            figures.addAll(Throughput.measure(tools.broker(), effort.logRound(), effort.logRounds(), progress));
            notes.add("decided and durable: commands, in equal parts allocations, releases and removals, "
                    + effort.logRounds() + " rounds of " + effort.logRound().toSeconds()
                    + " s in turns with a transactional producer in the same JVM that appends as many records and bytes"
                    + " with the same group commit; medians, and the median of the rounds' ratios");
        }
        if (parts.contains(Part.CALLS) || parts.contains(Part.EXECUTOR)) {
            onNode(parts);
        }
        progress.clear();
        return new BenchReport("add", commit, machine, figures, notes);
    }

    private void onNode(Set<Part> parts) throws IOException {
        progress.step("starting the cloud, the control plane and a node, and filling its pool");
        var folder = Files.createDirectories(settings.data().resolve("cni"));
        var calls = new PluginCalls(new ExecTimer(tools.timer()), folder);
        int slots = Math.max(effort.coldCalls(), Math.max(effort.parallelPods(), effort.serialPods()));
        try (var node = new BenchNode(settings)) {
            node.start();
            var ours = Contender.ledgerway(settings.plugin(), node.socket(), folder);
            try (var oursIn = new Slots(settings.box(), "ours", BenchNode.NAME, slots)) {
                if (parts.contains(Part.CALLS)) {
                    beside(node, calls, ours, oursIn, folder, slots);
                }
                if (parts.contains(Part.EXECUTOR)) {
                    figures.addAll(new ExecutorCost(node, calls, ours, oursIn, folder, progress)
                            .measure(effort.starts(), effort.executorCalls()));
                    notes.add("executor: the median of " + effort.starts() + " starts; memory is VmRSS; its "
                            + "%,d".formatted(effort.executorCalls())
                            + " calls through the plugin are half repeated ADDs one at a time, four tenths CHECKs "
                            + Rounds.PARALLEL + " at a time, the rest DELs and ADDs of new pods "
                            + Rounds.PARALLEL + " at a time");
                }
            }
            progress.step("stopping everything");
        }
    }

    private void beside(BenchNode node, PluginCalls calls, Contender ours, Slots oursIn, Path folder, int slots) {
        var peerNode = settings.box().namespace("peer");
        Namespaces.add(peerNode);
        try (var peerIn = new Slots(settings.box(), "theirs", peerNode, slots)) {
            var peer = Contender.ptp(tools.plugins(), peerNode, folder);
            int pool = node.levels().all();
            var rounds = new Rounds(node, calls, ours, oursIn, peer, peerIn, progress);
            figures.addAll(rounds.first(effort.coldCalls()));
            rounds.warmUp(effort.warmUp(), effort.serialPods());
            figures.addAll(rounds.serial(effort.rounds(), effort.serialPods()));
            figures.addAll(rounds.parallel(effort.parallelRounds(), effort.parallelPods()));
            node.requirePool(pool);
            notes.add("ADD and DEL: exec to exit of the plugin, the event durable in Kafka before the answer; "
                    + peer.name() + " in a network namespace of its own");
            notes.add(
                    "warm: after the first %d ADDs and DELs and %,d more, half of them %d at a time; %d rounds of %d pods one at a time and %d of %d pods %d at a time, in turns with %s"
                            .formatted(
                                    effort.coldCalls(),
                                    effort.warmUp(),
                                    Rounds.PARALLEL,
                                    effort.rounds(),
                                    effort.serialPods(),
                                    effort.parallelRounds(),
                                    effort.parallelPods(),
                                    Rounds.PARALLEL,
                                    peer.name()));
            notes.add(
                    "the pool had %d addresses, cool-down %d s, and asked the cloud for none in between; each round began when the node was quiet"
                            .formatted(pool, BenchNode.COOL_DOWN.toSeconds()));
        } finally {
            Namespaces.end(peerNode);
        }
    }
}
