package io.ledgerway.simulation.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ledgerway.simulation.seeded.world.Bug;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final int STEPS_OF_A_BUG = 2_000;
    private static final Quiet QUIET = Quiet.begin();

    @Test
    void aSeedGivesTheSameHistoryAgain() {
        var first = run(7, STEPS_OF_A_BUG, Set.of());
        var again = run(7, STEPS_OF_A_BUG, Set.of());

        assertEquals(first.hash(), again.hash());
        assertEquals(first.steps(), again.steps());
        assertNotEquals(first.hash(), run(8, STEPS_OF_A_BUG, Set.of()).hash());
    }

    @Test
    void aSeedGivesTheSameHistoryInAnotherJvm() throws Exception {
        var here = run(11, STEPS_OF_A_BUG, Set.of());

        assertEquals(Long.toHexString(here.hash()), OtherJvm.history(11, STEPS_OF_A_BUG));
    }

    private static Simulation.Outcome run(long seed, int steps, Set<Bug> bugs) {
        return Simulation.run(seed, steps, Simulation.scenario(seed, steps), bugs, false);
    }
}
