package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Progress;
import io.ledgerway.simulation.demo.StageOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `bench add`. Exit status 0 when it ran; with `--check` 1 if an aim was missed.
@Command(
        name = "add",
        description = "CNI ADD beside ptp + host-local, the log beside a bare producer, and the executor's cost.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class AddBenchCommand implements Callable<Integer> {

    @Mixin
    private StageOptions stage;

    @Option(names = "--commit", required = true, description = "what is measured")
    private String commit;

    @Option(names = "--timer", required = true, description = "the program that times plugins")
    private Path timer;

    @Option(names = "--peer", required = true, description = "folder of the reference plugins")
    private Path plugins;

    @Option(names = "--broker", required = true, description = "Kafka's address")
    private String broker;

    @Option(names = "--json", description = "file to write the figures to")
    private Path json;

    @Option(names = "--check", description = "a missed aim is exit status 1")
    private boolean check;

    @Option(names = "--quick", description = "fewer and shorter rounds, for a first impression")
    private boolean quick;

    @Option(
            names = "--only",
            description = "log, calls or executor; may be given several times; everything without it",
            converter = PartNames.class)
    private List<AddBench.Part> only = List.of();

    @Override
    public Integer call() throws Exception {
        var console = System.console();
        var progress = new Progress(System.err, console != null && console.isTerminal());
        var effort = quick ? Effort.QUICK : Effort.FULL;
        var tools = new AddBench.Tools(timer.toAbsolutePath(), plugins.toAbsolutePath(), broker);
        Set<AddBench.Part> parts = only.isEmpty() ? EnumSet.allOf(AddBench.Part.class) : EnumSet.copyOf(only);
        BenchReport report;
        try {
            report = new AddBench(stage.settings(), tools, effort, progress).run(parts, commit);
        } catch (IllegalStateException | UncheckedIOException e) {
            progress.clear();
            System.err.println("bench add could not go on: " + e.getMessage());
            return 1;
        }
        report.print(System.out);
        if (json != null) {
            report.write(json);
        }
        return check && !report.missed().isEmpty() ? 1 : 0;
    }

    /// Part names as they are typed.
    static final class PartNames implements ITypeConverter<AddBench.Part> {

        @Override
        public AddBench.Part convert(String name) {
            for (var part : AddBench.Part.values()) {
                if (part.name().equalsIgnoreCase(name)) {
                    return part;
                }
            }
            throw new TypeConversionException("'" + name + "' is not log, calls or executor");
        }
    }
}
