package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Differences;
import io.ledgerway.simulation.demo.Figure;
import io.ledgerway.simulation.demo.Health;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.demo.Tables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// PostgreSQL is killed: pods come and go as before, the control plane says that it is away, and when it is back it
/// knows all that happened meanwhile.
public final class PostgresAway implements Step {

    private static final int PODS = 12;

    /// How long the control plane may take to notice, and to notice that it is back.
    private static final Duration TO_NOTICE = Duration.ofSeconds(30);

    private static final Duration TO_AGREE = Duration.ofSeconds(30);

    /// What a busy machine does to a median; waiting for a database that is away takes seconds.
    private static final int MOST_TIMES_AS_LONG = 3;

    private record Round(List<Duration> adds, List<Duration> deletes, List<String> pods) {}

    @Override
    public String title() {
        return "adding and deleting pods while PostgreSQL is away";
    }

    @Override
    public void run(Scene scene) {
        var before = addAndDelete(scene);
        scene.stage().postgres().kill();
        var during = addAndDelete(scene);
        var seen = awaitHealth(scene, "away");
        var refusal = scene.stage().refusal("/v1/holdings");
        scene.stage().postgres().start();
        var back = awaitHealth(scene, "up");

        tellTimes(scene, before, during);
        scene.checks()
                .add(
                        "the control plane stays ready without PostgreSQL, and says what it tried and what came back",
                        seen.ready()
                                && seen.of("postgres").equals("away")
                                && seen.told("postgres").contains("jdbc:postgresql://")
                                && seen.data().containsKey("postgres.problem")
                                && refusal.startsWith("503 "),
                        seen.told("postgres") + "; asked for holdings it answers " + refusal);
        tellAgreement(scene, back, during);
    }

    private static Round addAndDelete(Scene scene) {
        var nodes = List.copyOf(scene.stage().nodes().keySet());
        var adds = new ArrayList<Duration>();
        var deletes = new ArrayList<Duration>();
        var pods = new ArrayList<String>();
        for (int pod = 0; pod < PODS; pod++) {
            var added = scene.sandboxes().addOne(nodes.get(pod % nodes.size()));
            adds.add(added.took());
            deletes.add(scene.sandboxes().removeOne(added).took());
            pods.add(added.pod().uid().toString());
        }
        return new Round(adds, deletes, pods);
    }

    private static Health awaitHealth(Scene scene, String state) {
        Processes.await(
                () -> health(scene)
                        .filter(now -> now.of("postgres").equals(state))
                        .isPresent(),
                TO_NOTICE);
        return health(scene).orElseThrow(() -> new IllegalStateException("the control plane says nothing of itself"));
    }

    private static Optional<Health> health(Scene scene) {
        return scene.stage().health();
    }

    private static void tellTimes(Scene scene, Round before, Round during) {
        var figures = List.of(
                Figure.percentile("ADD before PostgreSQL went, p50", before.adds(), 0.5),
                Figure.percentile("ADD without PostgreSQL, p50", during.adds(), 0.5),
                Figure.percentile("DEL before PostgreSQL went, p50", before.deletes(), 0.5),
                Figure.percentile("DEL without PostgreSQL, p50", during.deletes(), 0.5));
        scene.figures().addAll(figures);
        scene.figures().add(Figure.percentile("ADD without PostgreSQL, p99", during.adds(), 0.99));
        var add = figures.get(1).value() / figures.get(0).value();
        var delete = figures.get(3).value() / figures.get(2).value();
        scene.checks()
                .add(
                        "ADD and DEL take as long without PostgreSQL as with it",
                        add < MOST_TIMES_AS_LONG && delete < MOST_TIMES_AS_LONG,
                        "%d pods came and went; the median of ADD was %.2f and that of DEL %.2f times what it was before"
                                .formatted(PODS, add, delete));
    }

    private static void tellAgreement(Scene scene, Health back, Round during) {
        scene.settle();
        Processes.await(() -> scene.projected().size() == scene.folded().size(), TO_AGREE);
        var differences = Differences.between("PostgreSQL", scene.projected(), "the fold", scene.folded());
        var ended = Tables.history().stream()
                .filter(Tables.Holding::ended)
                .map(Tables.Holding::podUid)
                .filter(during.pods()::contains)
                .toList();
        var missed = Differences.between("PostgreSQL", ended, "the runtimes", during.pods());
        scene.checks()
                .add(
                        "PostgreSQL catches up with all that happened while it was away",
                        back.of("postgres").equals("up") && differences.isEmpty() && missed.isEmpty(),
                        differences.isEmpty() && missed.isEmpty()
                                ? ended.size() + " holdings that began and ended meanwhile are in its history, and it"
                                        + " names the same holders as the fold"
                                : differences + " " + missed);
    }
}
