package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.LogTail;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Snapshot;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulation.vpc.Shell;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A node gets another one's data folder, or only its journal, and a node of another cluster gets a folder of this
/// one: it does not take that history for its own, says whose it is, and changes nothing.
public final class ForeignDisk implements Step {

    private static final Duration TO_REFUSE = Duration.ofSeconds(30);
    private static final String STRANGER = "stranger-2";
    private static final String OTHER_CLUSTER = "another-cluster";

    @Override
    public String title() {
        return "giving a node the data folder of another one, another one's journal, and another cluster's";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        var nodes = List.copyOf(scene.stage().nodes().values());
        var owner = nodes.get(0);
        var victim = nodes.get(1);
        owner.stopExecutor();
        victim.stopExecutor();
        victim.swapDisk(owner);
        tellRefused(scene, victim, "another node's data folder", "node " + owner.name());
        victim.restoreDisk();
        victim.swapJournal(owner);
        tellRefused(scene, victim, "another node's journal", "node " + owner.name());
        victim.restoreDisk();
        tellOtherCluster(scene, owner);
        for (var node : List.of(owner, victim)) {
            node.startExecutor();
        }
        for (var node : List.of(owner, victim)) {
            node.awaitExecutor();
        }
        scene.settle();
    }

    /// @param whose what its executor has to say
    private static void tellRefused(Scene scene, Node victim, String what, String whose) {
        var before = Snapshot.whole(scene);
        victim.startExecutor();
        var log = LogTail.of(victim.executor().log());
        boolean ended = Processes.await(() -> !victim.executor().handle().isAlive(), TO_REFUSE);
        var changes = before.anyChanges(Snapshot.whole(scene));
        if (!ended) {
            victim.stopExecutor();
        }
        var said = log.line(whose);
        scene.checks()
                .add(
                        what + " is not taken over, and the executor says whose it is",
                        ended && said.isPresent() && changes.isEmpty(),
                        changes.isEmpty()
                                ? said.map(line -> "it ends and says: " + line)
                                        .orElse("it says nothing of " + whose + ": " + log.text())
                                : changes.toString());
    }

    /// Its name, its instance and its authority are right; only the cluster in its certificate is another one.
    private static void tellOtherCluster(Scene scene, Node owner) {
        var namespace = scene.box().namespace(STRANGER);
        Namespaces.add(namespace);
        Shell.inNamespace(namespace, "ip link set lo up").orThrow();
        try {
            var forger = scene.stage().forger(STRANGER);
            var papers = forger.signed(STRANGER, OTHER_CLUSTER, owner.instance(), owner.name());
            var stranger = scene.stage().stranger(STRANGER, papers);
            stranger.startWith(Map.of("LEDGERWAY_CLUSTER_ID", OTHER_CLUSTER));
            stranger.takeDisk(owner);
            tellRefused(scene, stranger, "another cluster's data folder", "of cluster " + forger.cluster());
        } finally {
            Namespaces.end(namespace);
        }
    }
}
