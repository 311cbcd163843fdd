package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Churn;
import io.ledgerway.simulation.demo.Figure;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.time.Duration;
import java.util.Set;

/// Pods come and go on all nodes for a while, without whatever is away; afterwards the log hears of all of it.
public record WorkAlone(Absence absence, Duration lasting, Churn.Pace pace) implements Step {

    /// What the log needs to hear of the longest outage's calls.
    private static final int TIMES_AS_LONG = 2;

    private static final Duration LEAST = Duration.ofSeconds(90);

    @Override
    public String title() {
        return "letting pods come and go for " + lasting.toSeconds() + " s while " + absence;
    }

    @Override
    public void run(Scene scene) {
        var outage = Outage.begin(scene, absence);
        var churn = Churn.start(scene, pace);
        long whole = lasting.toSeconds();
        long started = System.nanoTime();
        Processes.await(
                () -> {
                    long passed = Duration.ofNanos(System.nanoTime() - started).toSeconds();
                    scene.progress().at((int) passed, (int) whole);
                    return passed >= whole;
                },
                lasting.plus(LEAST));
        var outcome = churn.stop();
        outage.tellCalls(outcome.failures());
        var toBeTold = lasting.dividedBy(TIMES_AS_LONG);
        outage.end(toBeTold.compareTo(LEAST) > 0 ? toBeTold : LEAST);
        scene.figures()
                .add(new Figure(
                        "pods a second while " + absence,
                        "/s",
                        outcome.adds().size() / (outage.lasted().toMillis() / 1000.0)));
        outage.tellTimes(Set.of());
        churn.clear();
        scene.settle();
        Agreement.tell(scene, "by an outage of " + outage.lasted().toSeconds() + " s in which " + absence);
        scene.checks()
                .add(
                        "pods come at the pace that was asked for while " + absence,
                        outcome.notTried() == 0,
                        outcome.adds().size() + " came and " + outcome.deletes().size() + " went at "
                                + pace.podsPerSecond() + " a second, " + outcome.notTried()
                                + " were not tried because this machine was too slow");
    }
}
