package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.time.Duration;

/// After everything: kernels, cloud and log, each asked by itself.
public final class NothingLost implements Step {

    private static final Duration TO_BE_TOLD = Duration.ofSeconds(60);

    @Override
    public String title() {
        return "comparing kernels, cloud and log";
    }

    @Override
    public void run(Scene scene) {
        scene.awaitTold(TO_BE_TOLD);
        Agreement.tell(scene, "in the end");
    }
}
