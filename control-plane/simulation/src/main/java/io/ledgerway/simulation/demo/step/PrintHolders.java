package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Differences;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;

/// Who holds which address, from PostgreSQL, beside what the runtimes were told.
public final class PrintHolders implements Step {

    private record Holder(String address, String pod, String node) {

        @Override
        public String toString() {
            return address + " " + pod + " on " + node;
        }
    }

    @Override
    public String title() {
        return "asking PostgreSQL who holds which address";
    }

    @Override
    public void run(Scene scene) {
        var holders = scene.controlPlane().holders();
        scene.say("Who holds which address, from PostgreSQL:");
        for (var held : holders) {
            scene.say("  %-15s %-14s %-8s %s  since %s"
                    .formatted(held.address(), held.pod(), held.node(), held.eni(), held.from()));
        }
        var projected = holders.stream()
                .map(held -> new Holder(held.address(), held.pod(), held.node()))
                .toList();
        var answered = scene.sandboxes().all().stream()
                .map(each -> new Holder(
                        each.address(), each.pod().toString(), each.pod().node()))
                .toList();
        scene.checks()
                .equal(
                        "PostgreSQL knows who holds which address",
                        Differences.between("PostgreSQL", projected, "the runtimes", answered),
                        projected.size() + " holders, the same that the CNI answers named");
    }
}
