package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.SmallDisk;
import io.ledgerway.simulation.demo.Step;
import java.util.Set;

/// A node's disk is full while the log is away: it answers "try again later" instead of what nobody could prove, and
/// goes on by itself when there is room again.
public final class DiskTrouble implements Step {

    private static final int TRY_AGAIN_LATER = 11;

    /// Pods whose entries fit in one page of the disk.
    private static final int MOST_IN_A_PAGE = 20;

    @Override
    public String title() {
        return "filling a node's disk while the log is away";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        var node = scene.stage().nodes().firstEntry().getValue();
        node.stopExecutor();
        try (var disk = SmallDisk.in(node)) {
            node.startExecutor();
            node.awaitExecutor();
            scene.settle();
            full(scene, node, disk);
            node.stopExecutor();
        }
        node.startExecutor();
        node.awaitExecutor();
        scene.settle();
    }

    private static void full(Scene scene, Node node, SmallDisk disk) {
        var outage = Outage.begin(scene, Absence.CONTROL_PLANE_SILENT);
        disk.fill();
        var pod = scene.sandboxes().newPod(node.name());
        var added = scene.sandboxes().tryAdd(pod);
        int before = 0;
        // The page that the journal ends in has room for some more entries.
        while (added.succeeded() && before < MOST_IN_A_PAGE) {
            before++;
            var newest = scene.sandboxes().on(node.name()).getLast();
            if (scene.sandboxes().tryDelete(newest).succeeded()) {
                scene.sandboxes().end(newest);
            }
            pod = scene.sandboxes().newPod(node.name());
            added = scene.sandboxes().tryAdd(pod);
        }
        var leaving = scene.sandboxes().on(node.name()).getFirst();
        var deleted = scene.sandboxes().tryDelete(leaving);
        disk.clear();
        var retried = scene.sandboxes().tryAdd(pod);
        var gone = deleted.succeeded() ? deleted : scene.sandboxes().tryDelete(leaving);
        scene.sandboxes().end(leaving);
        scene.checks()
                .add(
                        "a node whose disk is full while the log is away answers \"try again later\", and then goes on",
                        added.code() == TRY_AGAIN_LATER
                                && added.error().contains("journal")
                                && deleted.code() == TRY_AGAIN_LATER
                                && retried.succeeded()
                                && gone.succeeded(),
                        before + " pods came on the last page; then ADD: " + added.error() + "; DEL: "
                                + deleted.error() + "; with room again both "
                                + (retried.succeeded() && gone.succeeded()
                                        ? "succeed"
                                        : "fail: " + retried.error() + gone.error()));
        outage.end();
        outage.tellTimes(Set.of());
        Agreement.tell(scene, "by a disk that was full");
    }
}
