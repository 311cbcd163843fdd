package io.ledgerway.simulation.bench;

import picocli.CommandLine.Command;

/// `bench`: figures, beside those of somebody else who does the same.
@Command(
        name = "bench",
        description = "Measures the product beside its peers.",
        subcommands = {AddBenchCommand.class, OutageBenchCommand.class, DatapathBenchCommand.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(add | outage | datapath)")
public final class BenchCommand {}
