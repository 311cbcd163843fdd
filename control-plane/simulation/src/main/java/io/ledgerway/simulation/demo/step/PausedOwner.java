package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Account;
import io.ledgerway.simulation.demo.Churn;
import io.ledgerway.simulation.demo.LogTail;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The control plane is stopped with SIGSTOP in the middle of a call of the cloud, another one takes over, and
/// when that one has served for a while the first goes on as if no time had passed. Then both are there, and the first
/// one stands by, until the other one leaves.
public final class PausedOwner implements Step {

    private static final Churn.Pace PACE = new Churn.Pace(4, 3, Duration.ofSeconds(30));

    /// So many go at once that their node has more than it may keep.
    private static final int LEAVE = 8;

    private static final Duration TO_BEGIN_A_CALL = Duration.ofSeconds(10);
    private static final Duration ALONE = Duration.ofSeconds(4);

    /// Longer than every time-out between an executor, the control plane and Kafka; the longest are an executor's for a
    /// silent connection and for a registration.
    private static final Duration PAUSED = Duration.ofSeconds(20);

    private static final Duration TO_BE_DEPOSED = Duration.ofSeconds(20);
    /// Longer than whoever stands by takes for the silence of an owner.
    private static final Duration BOTH = Duration.ofSeconds(10);

    private static final Duration TO_BE_TOLD = Duration.ofSeconds(90);
    private static final String DEPOSED = "FENCED";
    private static final int MOST_SHOWN = 5;

    @Override
    public String title() {
        return "pausing the control plane while another one takes over, and letting it go on";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        var replica = scene.stage().replica();
        restart(scene, Map.of("LEDGERWAY_CONTROL_PLANE", scene.stage().nodeApi() + "," + replica.nodeApi()));
        scene.settle();
        int callsBefore = scene.sandboxes().calls().size();
        boolean underWay = beginCloudCall(scene);
        scene.stage().pauseControlPlane();
        long paused = System.nanoTime();
        var churn = Churn.start(scene, PACE);
        Processes.await(() -> false, ALONE);
        replica.start();
        Churn.Outcome outcome;
        boolean deposed;
        boolean stays;
        try {
            replica.awaitReady();
            Processes.await(() -> System.nanoTime() - paused >= PAUSED.toNanos(), PAUSED);
            var log = LogTail.of(scene.stage().serverLog());
            scene.stage().resumeControlPlane();
            deposed = Processes.await(() -> log.line(DEPOSED).isPresent(), TO_BE_DEPOSED);
            var epochs = replica.epochs();
            Processes.await(() -> false, BOTH);
            stays = replica.isReady() && replica.epochs().equals(epochs);
        } finally {
            replica.stop();
        }
        scene.stage().awaitControlPlane();
        outcome = churn.stop();
        scene.awaitTold(TO_BE_TOLD);
        tell(scene, callsBefore, outcome, deposed, stays, underWay);
        churn.clear();
        restart(scene, Map.of());
        scene.settle();
        Agreement.tell(scene, "by an owner that was paused while another one took over");
    }

    private static void restart(Scene scene, Map<String, String> settings) {
        Collection<Node> nodes = scene.stage().nodes().values();
        nodes.forEach(node -> node.startWith(settings));
        nodes.forEach(Node::stopExecutor);
        nodes.forEach(Node::startExecutor);
        nodes.forEach(Node::awaitExecutor);
    }

    /// Many pods go, so that a pool gives addresses back; true if a call is under way then.
    private static boolean beginCloudCall(Scene scene) {
        var node = scene.stage().nodes().lastEntry().getKey();
        var leaving = scene.sandboxes().on(node).stream().limit(LEAVE).toList();
        scene.sandboxes().remove(leaving, done -> {});
        return Processes.await(
                () -> !scene.stage().ask("/v1/nodes/" + node).path("intents").isEmpty(), TO_BEGIN_A_CALL);
    }

    private static void tell(
            Scene scene, int callsBefore, Churn.Outcome outcome, boolean deposed, boolean stays, boolean underWay) {
        var all = scene.sandboxes().calls();
        var account = Account.of(all.subList(callsBefore, all.size()), scene.log(), Set.of());
        var wrong = new ArrayList<>(outcome.failures());
        wrong.addAll(account.wrong());
        scene.checks()
                .add(
                        "an owner that goes on after another one has taken over finds itself deposed",
                        deposed,
                        "it was paused for " + PAUSED.toSeconds() + " s, "
                                + (underWay ? "with a call of the cloud under way" : "between calls of the cloud")
                                + (deposed ? "; Kafka refuses what it goes on with" : "; it says nothing of that"));
        scene.checks()
                .add(
                        "the owner stays the owner while a deposed one is there",
                        stays,
                        "both were there for " + BOTH.toSeconds() + " s, and the log has "
                                + (stays ? "not changed hands" : "changed hands"));
        scene.checks()
                .add(
                        "while a control plane is deposed and another one leaves every call succeeds and is in the log once",
                        wrong.isEmpty() && account.adds() > 0,
                        wrong.isEmpty()
                                ? account.adds() + " ADDs and " + account.deletes() + " DELs, " + account.late()
                                        + " of them told late"
                                : wrong.size() + " things are wrong, among them: "
                                        + wrong.stream().limit(MOST_SHOWN).collect(Collectors.joining("\n")));
    }
}
