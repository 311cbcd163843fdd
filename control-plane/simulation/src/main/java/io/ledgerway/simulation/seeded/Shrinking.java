package io.ledgerway.simulation.seeded;

import io.ledgerway.simulation.seeded.world.Bug;
import io.ledgerway.simulation.seeded.world.Fault;
import io.ledgerway.simulation.seeded.world.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Makes a failing run as short as it can: fewer steps before everything heals, then fewer faults. Whatever
/// still breaks the same promise is kept.
final class Shrinking {

    private static final int MOST_RUNS = 60;

    private final long seed;
    private final Set<Bug> bugs;
    private final Scenario drawn;
    private int runs;
    private int steps;
    private List<Fault> faults;
    private Simulation.Outcome shortest;

    private Shrinking(Simulation.Outcome failed, int steps, Scenario drawn, Set<Bug> bugs) {
        this.seed = failed.seed();
        this.bugs = bugs;
        this.drawn = drawn;
        this.faults = drawn.faults();
        this.steps = steps;
        this.shortest = failed;
    }

    /// @param steps with faults, before everything heals
    record Shortest(int steps, List<Fault> faults, Simulation.Outcome outcome) {}

    static Shortest shrink(Simulation.Outcome failed, int steps, Scenario drawn, Set<Bug> bugs) {
        var shrinking = new Shrinking(failed, steps, drawn, bugs);
        shrinking.fewerSteps();
        shrinking.fewerFaults();
        shrinking.fewerSteps();
        return new Shortest(shrinking.steps, shrinking.faults, shrinking.shortest);
    }

    private void fewerSteps() {
        for (int cut = steps / 2; cut >= 1; cut /= 2) {
            while (steps - cut > 0 && stillFails(steps - cut, faults)) {
                steps -= cut;
            }
        }
    }

    private void fewerFaults() {
        for (int i = faults.size() - 1; i >= 0; i--) {
            var fewer = new ArrayList<>(faults);
            fewer.remove(i);
            if (stillFails(steps, fewer)) {
                faults = List.copyOf(fewer);
            }
        }
    }

    private boolean stillFails(int fewerSteps, List<Fault> fewerFaults) {
        if (runs++ >= MOST_RUNS) {
            return false;
        }
        var outcome = Simulation.run(seed, fewerSteps, drawn.with(fewerFaults), bugs, false);
        boolean same = outcome.violation().isPresent() && outcome.promise().equals(shortest.promise());
        if (same) {
            shortest = outcome;
        }
        return same;
    }
}
