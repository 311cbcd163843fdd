package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.DemoSettings;
import io.ledgerway.simulation.demo.Figure;
import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;

/// Thirty pods on three nodes, through the plugin binary.
public final class AddPods implements Step {

    @Override
    public String title() {
        return "adding pods through the CNI plugin";
    }

    @Override
    public void run(Scene scene) {
        var added = scene.sandboxes()
                .add(DemoSettings.PODS, done -> scene.progress().at(done, DemoSettings.PODS));
        long addresses =
                added.stream().map(Sandboxes.Running::address).distinct().count();
        scene.checks()
                .add(
                        "every pod got a network of its own",
                        added.size() == DemoSettings.PODS && addresses == DemoSettings.PODS,
                        added.size() + " pods on " + DemoSettings.NODES + " nodes, " + addresses
                                + " different addresses");
        var took = added.stream().map(Sandboxes.Running::took).toList();
        scene.figures().add(Figure.percentile("ADD while the pools fill, p50", took, 0.5));
        scene.figures().add(Figure.percentile("ADD while the pools fill, p99", took, 0.99));
    }
}
