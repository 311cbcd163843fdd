package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Account;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.demo.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The wall clock of a node, then that of the control plane, jumps an hour ahead, an hour behind and back, while
/// they run and pods come and go with and without the log. Nothing waits for an hour, and what is told has the
/// time of who tells it.
public final class ClockJumps implements Step {

    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Duration TO_BE_TOLD = Duration.ofSeconds(60);
    private static final List<Duration> JUMPS = List.of(AN_HOUR, AN_HOUR.negated(), Duration.ZERO);
    private static final int MOST_SHOWN = 5;

    /// Fewer than a pool has idle, and enough for it to grow.
    private static final int MANY = 9;

    private static final Duration TO_BE_REFUSED = Duration.ofSeconds(15);
    private static final Duration TO_GROW = Duration.ofSeconds(75);

    @Override
    public String title() {
        return "putting the clock of a node and of the control plane an hour wrong";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        nodes(scene);
        controlPlane(scene);
    }

    private static void nodes(Scene scene) {
        var node = scene.stage().nodes().firstEntry().getValue();
        var trouble = scene.stage().trouble(node.name(), node.disk());
        node.stopExecutor();
        node.startWith(trouble.settings());
        node.startExecutor();
        node.awaitExecutor();
        scene.settle();
        jump(scene, "a node's clock", trouble, failures -> {
            comeAndGo(scene, node.name(), failures);
            var outage = Outage.begin(scene, Absence.CONTROL_PLANE_SILENT);
            comeAndGo(scene, node.name(), failures);
            outage.end();
            comeAndGo(scene, node.name(), failures);
        });
        node.restartExecutor();
        scene.settle();
    }

    private static void controlPlane(Scene scene) {
        var trouble = scene.stage().trouble("control-plane", scene.stage().serverLog());
        scene.stage().stopControlPlane();
        scene.stage().changeServer(trouble.settings());
        scene.stage().startControlPlane();
        scene.stage().awaitControlPlane();
        scene.awaitTold(TO_BE_TOLD);
        jump(scene, "the control plane's clock", trouble, failures -> {
            for (var node : scene.stage().nodes().keySet()) {
                comeAndGo(scene, node, failures);
            }
        });
        tellGrowth(scene, trouble);
        scene.stage().stopControlPlane();
        scene.stage().changeServer(Map.of("LD_PRELOAD", ""));
        scene.stage().startControlPlane();
        scene.stage().awaitControlPlane();
        scene.awaitTold(TO_BE_TOLD);
    }

    /// The cloud takes nothing that is signed in another hour: a pool that has to grow then grows when the clock is
    /// right.
    private static void tellGrowth(Scene scene, Trouble trouble) {
        var node = scene.stage().nodes().firstEntry().getKey();
        trouble.clockIsOff(AN_HOUR);
        var added = new ArrayList<Sandboxes.Running>();
        while (refusals(scene, node) == 0 && added.size() < MANY) {
            added.add(scene.sandboxes().addOne(node));
        }
        boolean refused = Processes.await(() -> refusals(scene, node) > 0, TO_BE_REFUSED);
        trouble.clockIsOff(Duration.ZERO);
        long right = System.nanoTime();
        boolean grown = Processes.await(() -> intents(scene, node) == 0, TO_GROW);
        scene.checks()
                .add(
                        "what the cloud refuses while the control plane's clock is an hour ahead is done when it is right",
                        refused && grown,
                        (refused ? "the cloud refused calls of that hour" : "no call was refused") + "; "
                                + (grown
                                        ? "they were done "
                                                + Duration.ofNanos(System.nanoTime() - right)
                                                        .toSeconds() + " s after it was put right"
                                        : "they were not done after " + TO_GROW.toSeconds() + " s"));
        added.forEach(scene.sandboxes()::removeOne);
    }

    private static int intents(Scene scene, String node) {
        return scene.stage().ask("/v1/nodes/" + node).path("intents").size();
    }

    /// How many of the node's calls were tried before.
    private static long refusals(Scene scene, String node) {
        long again = 0;
        for (var intent : scene.stage().ask("/v1/nodes/" + node).path("intents")) {
            again += intent.path("attempt").asInt() > 1 ? 1 : 0;
        }
        return again;
    }

    private static void jump(Scene scene, String whose, Trouble trouble, Consumer<List<String>> work) {
        int before = scene.sandboxes().calls().size();
        var failures = new ArrayList<String>();
        for (var off : JUMPS) {
            trouble.clockIsOff(off);
            work.accept(failures);
        }
        scene.awaitTold(TO_BE_TOLD);
        var all = scene.sandboxes().calls();
        var account = Account.withClocksOff(all.subList(before, all.size()), scene.log(), AN_HOUR);
        failures.addAll(account.wrong());
        scene.checks()
                .add(
                        "while " + whose
                                + " jumps an hour ahead, an hour behind and back, every call succeeds and is in the"
                                + " log once",
                        failures.isEmpty() && account.adds() > 0,
                        failures.isEmpty()
                                ? account.adds() + " ADDs and " + account.deletes()
                                        + " DELs; no address rests, no call of the" + " cloud waits"
                                : failures.size() + " things are wrong, among them: "
                                        + failures.stream().limit(MOST_SHOWN).collect(Collectors.joining("\n")));
        var conflicts = scene.controlPlane().conflicts();
        scene.checks()
                .add(
                        whose + " being wrong makes no double holder in the ledger",
                        conflicts.isEmpty(),
                        conflicts.isEmpty() ? "the ledger knows of no overlap" : String.join("; ", conflicts));
        Agreement.tell(scene, "by " + whose + " that jumped");
    }

    /// A pod comes, and the oldest one goes.
    private static void comeAndGo(Scene scene, String node, List<String> failures) {
        tryOne(scene, node, failures, new ArrayList<>());
        var oldest = scene.sandboxes().on(node).getFirst();
        var deleted = scene.sandboxes().tryDelete(oldest);
        if (deleted.succeeded()) {
            scene.sandboxes().end(oldest);
        } else {
            failures.add("DEL on " + node + ": " + deleted.error());
        }
    }

    private static void tryOne(Scene scene, String node, List<String> failures, List<Sandboxes.Running> added) {
        var pod = scene.sandboxes().newPod(node);
        var answer = scene.sandboxes().tryAdd(pod);
        if (answer.succeeded()) {
            added.add(scene.sandboxes().on(node).getLast());
        } else {
            failures.add("ADD on " + node + ": " + answer.error());
            scene.sandboxes().giveUp(pod);
        }
    }
}
