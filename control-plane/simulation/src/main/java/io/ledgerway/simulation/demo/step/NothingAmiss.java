package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.vpc.NftCounters;
import io.ledgerway.simulation.vpc.SourceCheck;

/// The VPC drops what an ENI sends under an address that is not assigned to it; of all that was sent it dropped none.
/// And the ledger saw no address with two pods.
public final class NothingAmiss implements Step {

    @Override
    public String title() {
        return "looking for spoofed frames and double holders";
    }

    @Override
    public void run(Scene scene) {
        var sum = NftCounters.of(scene.box()).values().stream().reduce(SourceCheck.NONE, SourceCheck::plus);
        scene.checks()
                .add(
                        "no pod sent under an address that its ENI does not hold",
                        sum.passed() > 0 && sum.spoofed() == 0,
                        sum.passed() + " frames passed the VPC's source checks, " + sum.spoofed() + " were dropped");
        var conflicts = scene.controlPlane().conflicts();
        scene.checks()
                .add(
                        "no address ever had two holders",
                        conflicts.isEmpty(),
                        conflicts.isEmpty() ? "the ledger knows of no overlap" : String.join("; ", conflicts));
    }
}
