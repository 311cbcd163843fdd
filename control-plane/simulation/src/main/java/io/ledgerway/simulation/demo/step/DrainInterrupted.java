package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Churn;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.time.Duration;
import java.util.Set;

/// The control plane is killed again and again while nodes tell the log of what they did alone.
public final class DrainInterrupted implements Step {

    private static final int KILLS = 2;
    private static final Duration ALONE = Duration.ofSeconds(8);
    private static final Churn.Pace PACE = new Churn.Pace(12, 3);
    private static final Duration TO_BEGIN = Duration.ofSeconds(60);
    /// The first batches may have been all there was to tell.
    private static final Duration TO_GO_ON = Duration.ofSeconds(10);

    @Override
    public String title() {
        return "killing the control plane while nodes tell the log of what they did alone";
    }

    @Override
    public void run(Scene scene) {
        var outage = Outage.begin(scene, Absence.CONTROL_PLANE_KILLED);
        var churn = Churn.start(scene, PACE);
        Processes.await(() -> false, ALONE);
        var outcome = churn.stop();
        outage.tellCalls(outcome.failures());
        outage.noteEnd();
        int begun = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            var before = scene.log().stays().size();
            scene.stage().startControlPlane();
            begun += Processes.await(() -> scene.log().stays().size() > before, begun == 0 ? TO_BEGIN : TO_GO_ON)
                    ? 1
                    : 0;
            scene.stage().killControlPlane();
        }
        outage.end();
        outage.tellTimes(Set.of());
        churn.clear();
        scene.settle();
        scene.checks()
                .add(
                        "a drain that is interrupted goes on where it was",
                        begun > 0,
                        "the control plane was killed " + KILLS + " times, " + begun
                                + " times when the log had begun to hear of what nodes did alone");
        Agreement.tell(scene, "by drains that were interrupted");
    }
}
