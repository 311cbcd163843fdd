package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Differences;
import io.ledgerway.simulation.demo.Figure;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.demo.Witness;
import io.ledgerway.simulation.probe.ContinuousPing;
import io.ledgerway.simulation.vpc.KernelCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The control plane and an executor are killed with SIGKILL and started again, while healthy pods go on pinging.
public final class KillAndRestart implements Step {

    /// How long the pods are alone, with nothing of ours running beside the other executors.
    private static final Duration ALONE = Duration.ofSeconds(2);

    /// How long the projection may take to agree again.
    private static final Duration TO_AGREE = Duration.ofSeconds(15);

    @Override
    public String title() {
        return "killing the control plane and an executor, and starting them again";
    }

    @Override
    public void run(Scene scene) {
        // A refill under way would plug in a NIC between the captures, and it is the cloud that does that.
        scene.settle();
        var before = scene.witness();
        var kernelBefore = scene.nodeCaptures();
        var pings = startPings(scene);
        try {
            killAndRestart(scene);
            tellPings(scene, pings);
        } finally {
            pings.forEach(ContinuousPing::close);
        }
        compare(scene, before);
        scene.checks()
                .equal(
                        "the restarted executor changed nothing in the kernel",
                        Differences.between(
                                "the capture before",
                                objects(kernelBefore),
                                "the capture after",
                                objects(scene.nodeCaptures())),
                        "links, addresses, routes, rules and neighbours of " + kernelBefore.size()
                                + " nodes are the same before and after");
    }

    private static List<String> objects(Map<String, KernelCapture> captures) {
        return captures.values().stream()
                .flatMap(capture -> capture.objects().stream())
                .toList();
    }

    private static List<ContinuousPing> startPings(Scene scene) {
        var ends = scene.onePerNode();
        var pings = new ArrayList<ContinuousPing>();
        for (int from = 0; from < ends.size(); from++) {
            var to = ends.get((from + 1) % ends.size());
            pings.add(ContinuousPing.start(ends.get(from).pod().netns(), to.address()));
        }
        return pings;
    }

    private static void killAndRestart(Scene scene) {
        var node = scene.stage().nodes().firstEntry().getValue();
        scene.stage().killControlPlane();
        node.killExecutor();
        Processes.await(() -> false, ALONE);
        long started = System.nanoTime();
        scene.stage().startControlPlane();
        node.startExecutor();
        node.awaitExecutor();
        scene.figures().add(seconds("executor, from its start to serving", started));
        scene.stage().awaitControlPlane();
        scene.figures().add(seconds("control plane, from its start to ready", started));
    }

    static Figure seconds(String name, long started) {
        return new Figure(
                name, "s", Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0);
    }

    private static void tellPings(Scene scene, List<ContinuousPing> pings) {
        int sent = 0;
        int lost = 0;
        for (var ping : pings) {
            var result = ping.stop();
            sent += result.sent();
            lost += result.lost();
        }
        scene.checks()
                .add(
                        "healthy pods lose no packet while the control plane and an executor are dead",
                        sent > 0 && lost == 0,
                        lost + " of " + sent + " packets lost between " + pings.size()
                                + " pairs of nodes, 100 a second each");
    }

    private static void compare(Scene scene, Witness before) {
        Processes.await(() -> scene.projected().size() == before.facts().size(), TO_AGREE);
        var after = scene.witness();
        var loose = new ArrayList<>(before.loose());
        loose.addAll(after.loose());
        scene.checks()
                .add(
                        "kernel and cloud fit together",
                        loose.isEmpty(),
                        loose.isEmpty()
                                ? "every pod's address is routed on its node, and held by the ENI it leaves by"
                                : String.join("; ", loose));
        scene.checks()
                .equal(
                        "kernel and cloud are the same after the restart",
                        Differences.between("the capture before", before.facts(), "the capture after", after.facts()),
                        after.facts().size() + " pods with their addresses, nodes and ENIs");
        scene.checks()
                .equal(
                        "the restarted control plane folds to what kernel and cloud say",
                        Differences.between("the fold", scene.folded(), "kernel and cloud", after.facts()),
                        after.facts().size() + " addresses bound, the same in the fold and in the independent capture");
        scene.checks()
                .equal(
                        "PostgreSQL says what kernel and cloud say",
                        Differences.between("PostgreSQL", scene.projected(), "kernel and cloud", after.facts()),
                        after.facts().size() + " holders, the same in PostgreSQL and in the independent capture");
    }
}
