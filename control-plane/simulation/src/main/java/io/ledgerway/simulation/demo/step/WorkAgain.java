package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.util.ArrayList;

/// After the restart each node takes a new pod, and CHECK finds every pod as it should be.
public final class WorkAgain implements Step {

    @Override
    public String title() {
        return "adding a pod on each node and checking all";
    }

    @Override
    public void run(Scene scene) {
        var added = new ArrayList<Sandboxes.Running>();
        scene.stage()
                .nodes()
                .keySet()
                .forEach(node -> added.add(scene.sandboxes().addOne(node)));
        scene.checks()
                .add(
                        "each node takes pods after the restart",
                        added.size() == scene.stage().nodes().size(),
                        added.size() + " pods added, one on each node");
        var wrong = new ArrayList<String>();
        for (var each : scene.sandboxes().all()) {
            var answer = scene.sandboxes().check(each);
            if (!answer.succeeded()) {
                wrong.add(each.pod() + ": " + answer.error());
            }
        }
        scene.checks()
                .add(
                        "CHECK finds every pod as it should be",
                        wrong.isEmpty(),
                        wrong.isEmpty() ? scene.sandboxes().all().size() + " pods" : String.join("; ", wrong));
    }
}
