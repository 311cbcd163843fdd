package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.StageOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bench add`. Exit status 0 when it ran; with `--check` 1 if an aim was missed.
@Command(
        name = "add",
        description = "CNI ADD beside ptp + host-local, the log beside a bare producer, and the executor's cost.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class AddBenchCommand implements Callable<Integer> {

    @Mixin
    private StageOptions stage;

    @Mixin
    private BenchOptions bench;

    @Option(names = "--timer", required = true, description = "the program that times plugins")
    private Path timer;

    @Option(names = "--peer", required = true, description = "folder of the reference plugins")
    private Path plugins;

    @Option(names = "--broker", required = true, description = "Kafka's address")
    private String broker;

    @Option(
            names = "--only",
            description = "log, calls or executor; may be given several times; everything without it",
            converter = PartNames.class)
    private List<AddBench.Part> only = List.of();

    @Override
    public Integer call() throws Exception {
        var tools = new AddBench.Tools(timer.toAbsolutePath(), plugins.toAbsolutePath(), broker);
        var effort = bench.effort(Effort.QUICK, Effort.FULL);
        return bench.report(
                "add",
                (commit, progress) -> new AddBench(stage.settings(), tools, effort, progress)
                        .run(BenchOptions.parts(only, AddBench.Part.class), commit));
    }

    static final class PartNames implements ITypeConverter<AddBench.Part> {

        @Override
        public AddBench.Part convert(String name) {
            return BenchOptions.part(name, AddBench.Part.class, "not log, calls or executor");
        }
    }
}
