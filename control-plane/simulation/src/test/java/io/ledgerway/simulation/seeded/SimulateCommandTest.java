package io.ledgerway.simulation.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What `simulate` takes, and what it refuses.
class SimulateCommandTest {

    private final StringWriter said = new StringWriter();

    private int simulate(String... arguments) {
        return new CommandLine(new SimulateCommand())
                .setErr(new PrintWriter(said, true))
                .execute(arguments);
    }

    @Test
    void faultsAreThoseOfOneSeed() {
        assertEquals(CommandLine.ExitCode.OK, simulate("--seed", "3", "--steps", "20", "--faults=-1"));

        assertEquals(CommandLine.ExitCode.USAGE, simulate("--faults=0", "--seeds", "2"));
        assertTrue(said.toString().startsWith("--faults are numbers of the faults of one seed"), said::toString);
    }

    @Test
    void faultThatTheSeedDoesNotDrawIsRefused() {
        assertEquals(CommandLine.ExitCode.USAGE, simulate("--seed", "3", "--steps", "200", "--faults=0,1000"));
        assertTrue(said.toString().startsWith("--faults: seed 3 draws "), said::toString);
    }
}
