package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Account;
import io.ledgerway.simulation.demo.Churn;
import io.ledgerway.simulation.demo.Figure;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// For a while something or other is killed or stopped, and comes back, while pods come and go; a call that fails is
/// repeated as a kubelet does. Afterwards everything is healed, and nothing may be lost, doubled or leaked.
///
/// @param seed of what happens when; the same seed does the same things, to processes that are never twice the same
public record Chaos(Duration lasting, long seed) implements Step {

    private static final Churn.Pace PACE = new Churn.Pace(5, 3, Duration.ofSeconds(60));
    private static final Duration LONGEST_AWAY = Duration.ofSeconds(6);
    private static final Duration LONGEST_CALM = Duration.ofSeconds(4);
    private static final Duration TO_BE_TOLD = Duration.ofSeconds(120);

    private static final int MOST_SHOWN = 5;

    private sealed interface Blow {}

    private record Gone(Absence absence) implements Blow {}

    private record ExecutorKilled(Node node) implements Blow {}

    private record ExecutorStopped(Node node) implements Blow {}

    private record PostgresKilled() implements Blow {}

    @Override
    public String title() {
        return "killing and stopping whatever seed " + seed + " says for " + lasting.toSeconds() + " s";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        int callsBefore = scene.sandboxes().calls().size();
        var random = new Random(seed);
        var counts = new TreeMap<String, Integer>();
        var churn = Churn.start(scene, PACE);
        long end = System.nanoTime() + lasting.toNanos();
        while (System.nanoTime() < end) {
            var blow = choose(scene, random);
            counts.merge(name(blow), 1, Integer::sum);
            begin(scene, blow);
            pause(random, LONGEST_AWAY);
            end(scene, blow);
            pause(random, LONGEST_CALM);
            scene.progress()
                    .at(
                            (int) (lasting.toSeconds()
                                    - Duration.ofNanos(end - System.nanoTime()).toSeconds()),
                            (int) lasting.toSeconds());
        }
        scene.stage().awaitControlPlane();
        scene.stage().nodes().values().forEach(Node::awaitExecutor);
        var outcome = churn.stop();
        scene.awaitTold(TO_BE_TOLD);
        tell(scene, callsBefore, counts, outcome);
        churn.clear();
        scene.settle();
        Agreement.tell(scene, "by the chaos of seed " + seed);
    }

    private static Blow choose(Scene scene, Random random) {
        var nodes = List.copyOf(scene.stage().nodes().values());
        var blows = new ArrayList<Blow>(List.of(new PostgresKilled()));
        for (var absence : Absence.values()) {
            blows.add(new Gone(absence));
        }
        var node = nodes.get(random.nextInt(nodes.size()));
        // As often as all others together: there is one of them on every node.
        for (int weight = 0; weight < 2; weight++) {
            blows.add(new ExecutorKilled(node));
            blows.add(new ExecutorStopped(node));
        }
        return blows.get(random.nextInt(blows.size()));
    }

    private static String name(Blow blow) {
        return switch (blow) {
            case Gone gone -> gone.absence().toString();
            case ExecutorKilled killed -> "an executor is killed";
            case ExecutorStopped stopped -> "an executor is stopped with SIGSTOP";
            case PostgresKilled postgres -> "PostgreSQL is killed";
        };
    }

    private static void begin(Scene scene, Blow blow) {
        switch (blow) {
            case Gone gone -> gone.absence().begin(scene.stage());
            case ExecutorKilled killed -> killed.node().killExecutor();
            case ExecutorStopped stopped -> stopped.node().pauseExecutor();
            case PostgresKilled postgres -> scene.stage().postgres().kill();
        }
    }

    private static void end(Scene scene, Blow blow) {
        switch (blow) {
            case Gone gone -> gone.absence().end(scene.stage());
            case ExecutorKilled killed -> killed.node().startExecutor();
            case ExecutorStopped stopped -> stopped.node().resumeExecutor();
            case PostgresKilled postgres -> scene.stage().postgres().start();
        }
    }

    private static void pause(Random random, Duration longest) {
        Processes.await(() -> false, Duration.ofMillis(random.nextLong(longest.toMillis())));
    }

    private void tell(Scene scene, int callsBefore, Map<String, Integer> counts, Churn.Outcome outcome) {
        var all = scene.sandboxes().calls();
        var account = Account.of(all.subList(callsBefore, all.size()), scene.log(), Set.of());
        var wrong = new ArrayList<>(outcome.failures());
        wrong.addAll(account.wrong());
        scene.figures().add(new Figure("chaos, ADDs and DELs", "", account.adds() + account.deletes()));
        scene.checks()
                .add(
                        "whatever is killed and stopped, every call succeeds in the end and is in the log once",
                        wrong.isEmpty() && account.adds() > 0,
                        wrong.isEmpty()
                                ? "%d ADDs and %d DELs in %d s with seed %d, %d of them told late; %s"
                                        .formatted(
                                                account.adds(),
                                                account.deletes(),
                                                lasting.toSeconds(),
                                                seed,
                                                account.late(),
                                                counts.entrySet().stream()
                                                        .map(each -> each.getKey() + " " + each.getValue() + " times")
                                                        .collect(Collectors.joining(", ")))
                                : wrong.size() + " things are wrong, among them: "
                                        + wrong.stream().limit(MOST_SHOWN).collect(Collectors.joining("\n")));
    }
}
