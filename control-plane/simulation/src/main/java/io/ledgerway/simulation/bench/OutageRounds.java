package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.demo.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// ADD with the log and without it, in turns on the same node.
final class OutageRounds {

    private static final double P99 = 0.99;
    private static final Duration TO_RETURN = Duration.ofSeconds(90);

    /// ADDs after the first one without the log.
    private static final int LATER = 5;

    private final BenchNode node;
    private final PluginCalls calls;
    private final Contender ours;
    private final Slots slots;
    private final Progress progress;
    private final List<List<Duration>> online = new ArrayList<>();
    private final List<List<Duration>> offline = new ArrayList<>();

    OutageRounds(BenchNode node, PluginCalls calls, Contender ours, Slots slots, Progress progress) {
        this.node = node;
        this.calls = calls;
        this.ours = ours;
        this.slots = slots;
        this.progress = progress;
    }

    /// Adds and deletes pods both ways without looking at the clock.
    void warmUp(int rounds, int pods) {
        progress.step("warming up");
        for (int round = 1; round <= rounds; round++) {
            withLog(pods);
            withoutLog(pods);
            progress.at(round, rounds);
        }
    }

    List<BenchFigure> alternate(int rounds, int pods) {
        progress.step("ADD with the log and without it, in turns");
        for (int round = 1; round <= rounds; round++) {
            online.add(withLog(pods));
            offline.add(withoutLog(pods));
            progress.at(round, rounds);
        }
        return List.of(
                figure("ADD without the log, one at a time, p50", 0.5)
                        .within(RatioInterval.of(offline, online))
                        .aimAtRatio(OutageBench.AIM_OFFLINE),
                figure("ADD without the log, one at a time, p99", P99));
    }

    private BenchFigure figure(String name, double share) {
        return BenchFigure.lowerIsBetter(name, "ms", all(offline).percentile(share))
                .beside("with the log", all(online).percentile(share));
    }

    private static Latencies all(List<List<Duration>> rounds) {
        return new Latencies(rounds.stream().flatMap(List::stream).toList());
    }

    private List<Duration> withLog(int count) {
        node.awaitQuiet();
        var pods = slots.newPods(count);
        var took = calls.add(ours, pods, 1);
        calls.delete(ours, pods, 1);
        return took;
    }

    /// The first ADD finds out that the log is away and is not counted.
    private List<Duration> withoutLog(int count) {
        node.awaitQuiet();
        var pods = slots.newPods(count + 2);
        Absence.CONTROL_PLANE_SILENT.begin(node.stage());
        calls.add(ours, pods.subList(0, 1), 1);
        var took = calls.add(ours, pods.subList(1, count + 1), 1);
        calls.delete(ours, pods.subList(0, count + 1), 1);
        comeBack(Absence.CONTROL_PLANE_SILENT, pods.getLast());
        return took;
    }

    /// A last pod tells when the log has heard of all before it.
    private void comeBack(Absence absence, Pod last) {
        calls.add(ours, List.of(last), 1);
        absence.end(node.stage());
        node.stage().awaitControlPlane();
        node.await("the log to hear of everything", () -> node.hasOnly(BenchNode.NAME, last), TO_RETURN);
        calls.delete(ours, List.of(last), 1);
    }

    /// How much longer the first ADD takes when the log has just disappeared, and those after it; needs the rounds.
    List<BenchFigure> disappearances(int times) {
        var first = new EnumMap<Absence, List<Duration>>(Absence.class);
        var later = new EnumMap<Absence, List<Duration>>(Absence.class);
        progress.step("the first ADD after the log has disappeared");
        for (int time = 1; time <= times; time++) {
            for (var absence : Absence.values()) {
                disappear(absence, first, later);
            }
            progress.at(time, times);
        }
        var usual = all(online).median();
        var figures = new ArrayList<BenchFigure>();
        for (var absence : Absence.values()) {
            figures.add(BenchFigure.lowerIsBetter(
                            "first ADD after " + absence + ", beyond the usual p50",
                            "ms",
                            new Latencies(first.get(absence)).median() - usual)
                    .aimAtValue(OutageBench.AIM_FIRST_MILLISECONDS));
        }
        for (var absence : Absence.values()) {
            figures.add(BenchFigure.lowerIsBetter(
                            "ADD 2 to " + (LATER + 1) + " after " + absence + ", p50",
                            "ms",
                            new Latencies(later.get(absence)).median())
                    .beside("with the log", usual)
                    .aimAtRatio(OutageBench.AIM_LATER));
        }
        return figures;
    }

    private void disappear(Absence absence, Map<Absence, List<Duration>> first, Map<Absence, List<Duration>> later) {
        withLog(LATER);
        node.awaitQuiet();
        var pods = slots.newPods(LATER + 2);
        absence.begin(node.stage());
        first.computeIfAbsent(absence, none -> new ArrayList<>()).addAll(calls.add(ours, pods.subList(0, 1), 1));
        later.computeIfAbsent(absence, none -> new ArrayList<>())
                .addAll(calls.add(ours, pods.subList(1, LATER + 1), 1));
        calls.delete(ours, pods.subList(0, LATER + 1), 1);
        comeBack(absence, pods.getLast());
    }
}
