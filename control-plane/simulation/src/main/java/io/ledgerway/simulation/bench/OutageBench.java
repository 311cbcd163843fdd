package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.DemoSettings;
import io.ledgerway.simulation.demo.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// `bench outage`: what a pod waits for when the log is away, and how soon the log knows everything when it is back.
final class OutageBench {

    /// Without the log over with it.
    static final double AIM_OFFLINE = 1.0;

    static final double AIM_FIRST_MILLISECONDS = 300;
    /// Those after the first one over those with the log.
    static final double AIM_LATER = 1.0;

    static final double AIM_DRAIN_SECONDS = 1;

    private static final int WARM_UP_ROUNDS = 4;

    /// What can be measured by itself.
    enum Part {
        ROUNDS,
        DRAINS
    }

    private final DemoSettings settings;
    private final Path timer;
    private final String broker;
    private final OutageEffort effort;
    private final Progress progress;
    private final List<BenchFigure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /// @param timer the program that times others
    OutageBench(DemoSettings settings, Path timer, String broker, OutageEffort effort, Progress progress) {
        this.settings = settings;
        this.timer = timer;
        this.broker = broker;
        this.effort = effort;
        this.progress = progress;
    }

    BenchReport run(Set<Part> parts, String commit) throws IOException {
        var machine = Machine.describe();
        progress.step("starting the cloud, the control plane and a node, and filling its pool");
        var folder = Files.createDirectories(settings.data().resolve("cni"));
        var calls = new PluginCalls(new ExecTimer(timer), folder);
        var others = IntStream.rangeClosed(2, effort.nodes() + 1)
                .mapToObj(number -> "node-" + number)
                .toList();
        try (var node = new BenchNode(settings, others)) {
            node.start();
            if (parts.contains(Part.ROUNDS)) {
                rounds(node, calls, folder);
            }
            if (parts.contains(Part.DRAINS)) {
                progress.step("starting " + others.size() + " more nodes");
                node.startOthers(DrainRounds.IDLE, DrainRounds.COOL_DOWN);
                drains(node, calls, folder);
            }
            progress.step("stopping everything");
        }
        progress.clear();
        return new BenchReport("outage", commit, machine, figures, notes);
    }

    private void rounds(BenchNode node, PluginCalls calls, Path folder) {
        var ours = Contender.ledgerway(settings.plugin(), node.socket(), folder);
        try (var slots = new Slots(settings.box(), "ours", BenchNode.NAME, effort.pods() + 2)) {
            var rounds = new OutageRounds(node, calls, ours, slots, progress);
            rounds.warmUp(WARM_UP_ROUNDS, effort.pods());
            figures.addAll(rounds.alternate(effort.rounds(), effort.pods()));
            figures.addAll(rounds.disappearances(effort.disappearances()));
        }
        notes.add(
                "ADD: exec to exit of the plugin, one at a time; with the log its event is durable in Kafka before the"
                        + " answer, without it the journal's entry is on the node's disk");
        notes.add("%d rounds of %d pods with the log and without it in turns, the control plane stopped and continued;"
                        .formatted(effort.rounds(), effort.pods())
                + " the ADD that finds out that the log is away is not among them; in brackets where the ratio lies in 95 of"
                + " 100 cases, by drawing whole rounds anew");
        notes.add("first ADD: the median of %d disappearances of each kind, less the p50 of the rounds with the log"
                .formatted(effort.disappearances()));
    }

    private void drains(BenchNode node, PluginCalls calls, Path folder) {
        try (var drains = new DrainRounds(node, calls, settings.box(), settings.plugin(), folder, broker, progress)) {
            figures.addAll(drains.one(effort.drains(), effort.cycles()));
            figures.addAll(drains.all(effort.cycles()));
            notes.addAll(drains.wrong());
        }
        notes.add("drain: %d pods come and go on a node without the log, then it is back; from the first batch's record"
                        .formatted(effort.cycles())
                + " to the last one's, and a share more for the first, scaled to 1,000 entries; all told: the log's fold"
                + " has the pod that came last on every node");
        notes.add(
                "each answered ADD and DEL of the drains is looked for in the records of the log and in the audit: once,"
                        + " with its address and the time of the call");
    }
}
