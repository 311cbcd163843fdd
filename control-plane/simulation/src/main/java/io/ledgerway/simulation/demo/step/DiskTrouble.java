package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.SmallDisk;
import io.ledgerway.simulation.demo.Step;
import java.util.ArrayList;
import java.util.Set;

/// A node's disk is full while the log is away: it answers "try again later" instead of what nobody could prove, and
/// goes on by itself when there is room again.
public final class DiskTrouble implements Step {

    private static final int TRY_AGAIN_LATER = 11;

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
        var failures = new ArrayList<String>();
        // The first one finds out that the log is away.
        add(scene, node, failures);
        disk.fill();
        var leaving = scene.sandboxes().on(node.name()).getFirst();
        var pod = scene.sandboxes().newPod(node.name());
        var added = scene.sandboxes().tryAdd(pod);
        var deleted = scene.sandboxes().tryDelete(leaving);
        disk.clear();
        var retried = scene.sandboxes().tryAdd(pod);
        scene.checks()
                .add(
                        "a node whose disk is full while the log is away answers \"try again later\", and then goes on",
                        failures.isEmpty()
                                && added.code() == TRY_AGAIN_LATER
                                && deleted.code() == TRY_AGAIN_LATER
                                && retried.succeeded(),
                        "ADD: " + added.error() + "; DEL: " + deleted.error() + "; with room again "
                                + (retried.succeeded() ? retried.address() : retried.error()) + failures);
        outage.end();
        outage.tellTimes(Set.of());
        Agreement.tell(scene, "by a disk that was full");
    }

    private static void add(Scene scene, Node node, ArrayList<String> failures) {
        var pod = scene.sandboxes().newPod(node.name());
        var answer = scene.sandboxes().tryAdd(pod);
        if (!answer.succeeded()) {
            failures.add("ADD before: " + answer.error());
        }
    }
}
