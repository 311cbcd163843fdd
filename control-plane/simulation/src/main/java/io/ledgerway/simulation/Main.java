package io.ledgerway.simulation;

import io.ledgerway.simulation.audit.AuditCommand;
import io.ledgerway.simulation.bench.BenchCommand;
import io.ledgerway.simulation.demo.DemoCommand;
import io.ledgerway.simulation.demo.RehearsalCommand;
import io.ledgerway.simulation.node.NodeCommand;
import io.ledgerway.simulation.replay.ReplayCommand;
import io.ledgerway.simulation.seeded.SimulateCommand;
import io.ledgerway.simulation.up.UpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// What the launcher starts that is neither the control plane nor an executor.
@Command(
        name = "ledgerway",
        subcommands = {
            DemoCommand.class,
            RehearsalCommand.class,
            AuditCommand.class,
            BenchCommand.class,
            NodeCommand.class,
            ReplayCommand.class,
            SimulateCommand.class,
            UpCommand.class
        },
        mixinStandardHelpOptions = true,
        description = "Programs behind the launcher's subcommands.")
public final class Main {

    private Main() {}

    public static void main(String... arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
