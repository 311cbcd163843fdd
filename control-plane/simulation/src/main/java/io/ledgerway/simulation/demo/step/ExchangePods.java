package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.DemoSettings;
import io.ledgerway.simulation.demo.Figure;
import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.util.ArrayList;
import java.util.List;

/// Ten pods go, ten come; and until some address came back to a new pod, one more comes and goes.
public final class ExchangePods implements Step {

    /// The pool of a node holds fewer addresses than this, so by then one must have come round.
    private static final int MOST_ROUNDS = 80;

    private final List<Reuse> reuses = new ArrayList<>();

    /// An address that two pods had one after the other.
    record Reuse(Sandboxes.Gone before, Sandboxes.Running now) {}

    @Override
    public String title() {
        return "releasing " + DemoSettings.EXCHANGED + " pods and adding " + DemoSettings.EXCHANGED;
    }

    @Override
    public void run(Scene scene) {
        int all = 2 * DemoSettings.EXCHANGED;
        var leaving = scene.sandboxes().all().subList(0, DemoSettings.EXCHANGED);
        var gone = new ArrayList<>(
                scene.sandboxes().remove(leaving, done -> scene.progress().at(done, all)));
        var come = scene.sandboxes()
                .add(DemoSettings.EXCHANGED, done -> scene.progress().at(DemoSettings.EXCHANGED + done, all));
        scene.checks()
                .add(
                        "pods go and others come",
                        gone.size() == DemoSettings.EXCHANGED && come.size() == DemoSettings.EXCHANGED,
                        gone.size() + " released, " + come.size() + " added");
        var took = new ArrayList<>(come.stream().map(Sandboxes.Running::took).toList());
        come.forEach(each -> note(each, gone));
        var node = scene.stage().nodes().firstEntry().getKey();
        for (int round = 0; round < MOST_ROUNDS && reuses.isEmpty(); round++) {
            var added = scene.sandboxes().addOne(node);
            took.add(added.took());
            note(added, gone);
            if (reuses.isEmpty()) {
                gone.add(scene.sandboxes().removeOne(added));
            }
        }
        scene.figures().add(Figure.percentile("ADD with a warm pool, p50", took, 0.5));
        scene.figures().add(Figure.percentile("ADD with a warm pool, p99", took, 0.99));
    }

    private void note(Sandboxes.Running each, List<Sandboxes.Gone> gone) {
        gone.stream()
                .filter(before -> before.address().equals(each.address()))
                .reduce((earlier, later) -> later)
                .ifPresent(before -> reuses.add(new Reuse(before, each)));
    }

    /// What came back to a new pod.
    List<Reuse> reuses() {
        return List.copyOf(reuses);
    }
}
