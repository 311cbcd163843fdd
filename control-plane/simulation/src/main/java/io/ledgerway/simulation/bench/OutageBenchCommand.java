package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.StageOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench outage`. Exit status 0 when it ran; with `--check` 1 if an aim was missed.
@Command(
        name = "outage",
        description = "CNI ADD without the log beside ADD with it, and how soon the log hears of all when it is back.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class OutageBenchCommand implements Callable<Integer> {

    @Mixin
    private StageOptions stage;

    @Mixin
    private BenchOptions bench;

    @Option(names = "--timer", required = true, description = "the program that times plugins")
    private Path timer;

    @Option(names = "--broker", required = true, description = "Kafka's address")
    private String broker;

    @Option(
            names = "--only",
            description = "rounds (ADD with and without the log) or drains; both without it",
            converter = PartNames.class)
    private List<OutageBench.Part> only = List.of();

    @Override
    public Integer call() throws Exception {
        var effort = bench.effort(OutageEffort.QUICK, OutageEffort.FULL);
        return bench.report(
                "outage",
                (commit, progress) -> new OutageBench(
                                stage.settings(), timer.toAbsolutePath(), broker, effort, progress)
                        .run(BenchOptions.parts(only, OutageBench.Part.class), commit));
    }

    static final class PartNames implements ITypeConverter<OutageBench.Part> {

        @Override
        public OutageBench.Part convert(String name) {
            return BenchOptions.part(name, OutageBench.Part.class, "neither rounds nor drains");
        }
    }
}
