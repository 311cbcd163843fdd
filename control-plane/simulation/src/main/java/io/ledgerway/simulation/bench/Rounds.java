package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// ADD and DEL of ours and of the peer, in turns, so that what else happens on the machine meets both.
final class Rounds {

    static final int PARALLEL = 20;

    private static final double P99 = 0.99;
    private static final Duration TO_SETTLE = Duration.ofSeconds(1);

    private final BenchNode node;
    private final PluginCalls calls;
    private final Map<Contender, Slots> contenders = new LinkedHashMap<>();
    private final Contender ours;
    private final Contender peer;
    private final Progress progress;

    Rounds(
            BenchNode node,
            PluginCalls calls,
            Contender ours,
            Slots oursIn,
            Contender peer,
            Slots peerIn,
            Progress progress) {
        this.node = node;
        this.calls = calls;
        this.ours = ours;
        this.peer = peer;
        this.progress = progress;
        contenders.put(ours, oursIn);
        contenders.put(peer, peerIn);
    }

    /// What one contender's calls took.
    private record Took(List<Duration> add, List<Duration> delete) {

        Took() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void count(Took round) {
            add.addAll(round.add());
            delete.addAll(round.delete());
        }
    }

    /// The first ADDs after the start, one at a time, and as many of the peer.
    List<BenchFigure> first(int pods) {
        progress.step("the first " + pods + " ADDs");
        var took = round(ours, pods, 1);
        settle();
        var beside = round(peer, pods, 1);
        return List.of(
                figure("ADD, the first " + pods + " after the start, p50", took.add(), beside.add(), 0.5),
                figure("ADD, the first " + pods + " after the start, p99", took.add(), beside.add(), P99));
    }

    /// Adds and deletes pods without looking at the clock, half of them one at a time, and one round of the peer's.
    void warmUp(int pods, int atOnce) {
        progress.step("warming up");
        round(peer, atOnce, 1);
        round(peer, atOnce, PARALLEL);
        int done = 0;
        while (done < pods) {
            int now = Math.min(atOnce, pods - done);
            node.awaitRoom(now);
            round(ours, now, done < pods / 2 ? 1 : PARALLEL);
            done += now;
            progress.at(done, pods);
        }
    }

    List<BenchFigure> serial(int rounds, int pods) {
        var took = alternate("one at a time", rounds, pods, 1);
        return figures("one at a time", took);
    }

    List<BenchFigure> parallel(int rounds, int pods) {
        var text = PARALLEL + " in parallel";
        return figures(text, alternate(text, rounds, pods, PARALLEL));
    }

    private List<BenchFigure> figures(String how, Map<Contender, Took> took) {
        var mine = took.get(ours);
        var theirs = took.get(peer);
        return List.of(
                figure("ADD, " + how + ", p50", mine.add(), theirs.add(), 0.5).aimAtRatio(AddBench.AIM_P50),
                figure("ADD, " + how + ", p99", mine.add(), theirs.add(), P99).aimAtRatio(AddBench.AIM_P99),
                figure("DEL, " + how + ", p50", mine.delete(), theirs.delete(), 0.5),
                figure("DEL, " + how + ", p99", mine.delete(), theirs.delete(), P99));
    }

    private Map<Contender, Took> alternate(String how, int rounds, int pods, int parallel) {
        progress.step("ADD and DEL, " + how + ", beside " + peer.name());
        var took = new LinkedHashMap<Contender, Took>();
        for (int round = 1; round <= rounds; round++) {
            for (var contender : contenders.keySet()) {
                settle();
                took.computeIfAbsent(contender, first -> new Took()).count(round(contender, pods, parallel));
            }
            progress.at(round, rounds);
        }
        return took;
    }

    /// Nothing of one contender's last round may still be going on in the other's next: what ours does after its answer
    /// is known, the kernel tells nobody when it has cleared away what the peer's pods left.
    private void settle() {
        node.awaitQuiet();
        Processes.await(() -> false, TO_SETTLE);
    }

    private Took round(Contender contender, int count, int parallel) {
        var pods = contenders.get(contender).newPods(count);
        var added = calls.add(contender, pods, parallel);
        return new Took(added, calls.delete(contender, pods, parallel));
    }

    private BenchFigure figure(String name, List<Duration> mine, List<Duration> theirs, double share) {
        return BenchFigure.lowerIsBetter(name, "ms", new Latencies(mine).percentile(share))
                .beside(peer.name(), new Latencies(theirs).percentile(share));
    }
}
