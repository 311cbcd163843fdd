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

/// `bench outage`. Exit status 0 when it ran; with `--check` 1 if an aim was missed.
@Command(
        name = "outage",
        description = "CNI ADD without the log beside ADD with it, and how soon the log hears of all when it is back.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class OutageBenchCommand implements Callable<Integer> {

    @Mixin
    private StageOptions stage;

    @Option(names = "--commit", required = true, description = "what is measured")
    private String commit;

    @Option(names = "--timer", required = true, description = "the program that times plugins")
    private Path timer;

    @Option(names = "--broker", required = true, description = "Kafka's address")
    private String broker;

    @Option(names = "--json", description = "file to write the figures to")
    private Path json;

    @Option(names = "--check", description = "a missed aim is exit status 1")
    private boolean check;

    @Option(names = "--quick", description = "fewer rounds and nodes, for a first impression")
    private boolean quick;

    @Option(
            names = "--only",
            description = "rounds (ADD with and without the log) or drains; both without it",
            converter = PartNames.class)
    private List<OutageBench.Part> only = List.of();

    @Override
    public Integer call() throws Exception {
        var console = System.console();
        var progress = new Progress(System.err, console != null && console.isTerminal());
        var effort = quick ? OutageEffort.QUICK : OutageEffort.FULL;
        Set<OutageBench.Part> parts = only.isEmpty() ? EnumSet.allOf(OutageBench.Part.class) : EnumSet.copyOf(only);
        BenchReport report;
        try {
            report = new OutageBench(stage.settings(), timer.toAbsolutePath(), broker, effort, progress)
                    .run(parts, commit);
        } catch (IllegalStateException | UncheckedIOException e) {
            progress.clear();
            System.err.println("bench outage could not go on: " + e.getMessage());
            return 1;
        }
        report.print(System.out);
        if (json != null) {
            report.write(json);
        }
        return check && !report.missed().isEmpty() ? 1 : 0;
    }

    /// Part names as they are typed.
    static final class PartNames implements ITypeConverter<OutageBench.Part> {

        @Override
        public OutageBench.Part convert(String name) {
            for (var part : OutageBench.Part.values()) {
                if (part.name().equalsIgnoreCase(name)) {
                    return part;
                }
            }
            throw new TypeConversionException("'" + name + "' is neither rounds nor drains");
        }
    }
}
