package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.CniPlugin;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.SmallDisk;
import io.ledgerway.simulation.demo.Step;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// A node's data folder becomes read-only while its executor runs, as the kernel does it after an error of the
/// disk, and then is so at the executor's start: with the log pods come and go, without it nothing is promised
/// that nobody could prove.
public final class ReadOnlyDisk implements Step {

    private static final int TRY_AGAIN_LATER = 11;

    @Override
    public String title() {
        return "making a node's data folder read-only, while it runs and before it starts";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        var node = scene.stage().nodes().firstEntry().getValue();
        whileItRuns(scene, node);
        node.startWith(Map.of());
        node.stopExecutor();
        try (var disk = SmallDisk.in(node)) {
            atItsStart(scene, node, disk);
            node.stopExecutor();
        }
        node.startExecutor();
        node.awaitExecutor();
        scene.settle();
        Agreement.tell(scene, "by a data folder that was read-only");
    }

    private static void whileItRuns(Scene scene, Node node) {
        var trouble = scene.stage().trouble(node.name(), node.disk());
        node.stopExecutor();
        node.startWith(trouble.settings());
        node.startExecutor();
        node.awaitExecutor();
        scene.settle();
        trouble.makeReadOnly(true);
        tellOnline(scene, node, "a node whose data folder has become read-only goes on while it can ask the log");
        var outage = Outage.begin(scene, Absence.CONTROL_PLANE_SILENT);
        tellAlone(scene, node, () -> trouble.makeReadOnly(false));
        outage.end();
        outage.tellTimes(Set.of());
    }

    private static void atItsStart(Scene scene, Node node, SmallDisk disk) {
        disk.makeReadOnly();
        node.startExecutor();
        node.awaitExecutor();
        tellOnline(scene, node, "a node whose data folder is read-only at its start serves while it can ask the log");
        var outage = Outage.begin(scene, Absence.CONTROL_PLANE_SILENT);
        tellAlone(scene, node, disk::makeWritable);
        outage.end();
        outage.tellTimes(Set.of());
    }

    private static void tellOnline(Scene scene, Node node, String name) {
        var pod = scene.sandboxes().newPod(node.name());
        var added = scene.sandboxes().tryAdd(pod);
        if (!added.succeeded()) {
            scene.sandboxes().giveUp(pod);
            scene.checks().add(name, false, "ADD: " + added.error());
            return;
        }
        var newest = scene.sandboxes().on(node.name()).getLast();
        var deleted = scene.sandboxes().tryDelete(newest);
        scene.sandboxes().end(newest);
        scene.checks()
                .add(
                        name,
                        deleted.succeeded(),
                        deleted.succeeded() ? pod + " came and went" : "DEL: " + deleted.error());
        scene.settle();
    }

    private static void tellAlone(Scene scene, Node node, Runnable mend) {
        var pod = scene.sandboxes().newPod(node.name());
        var leaving = scene.sandboxes().on(node.name()).getFirst();
        // The log may hear of the first try, which is not answered, when it is back.
        var began = Instant.now();
        var added = scene.sandboxes().tryAdd(pod, began);
        var deleted = scene.sandboxes().tryDelete(leaving, began);
        mend.run();
        var retried = scene.sandboxes().tryAdd(pod, began);
        var gone = deleted.succeeded() ? deleted : scene.sandboxes().tryDelete(leaving, began);
        scene.sandboxes().end(leaving);
        scene.checks()
                .add(
                        "a node whose data folder is read-only while the log is away answers \"try again later\", and then"
                                + " goes on",
                        isRefused(added) && isRefused(deleted) && retried.succeeded() && gone.succeeded(),
                        "ADD: " + said(added) + "; DEL: " + said(deleted) + "; once it is writable ADD: "
                                + said(retried) + "; DEL: " + said(gone));
    }

    private static boolean isRefused(CniPlugin.Answer answer) {
        return answer.code() == TRY_AGAIN_LATER && answer.error().contains("journal");
    }

    private static String said(CniPlugin.Answer answer) {
        return answer.succeeded() ? "success" : answer.error();
    }
}
