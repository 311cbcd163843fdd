package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Progress;
import io.ledgerway.simulation.demo.StageOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

    @Override
    public Integer call() throws Exception {
        var console = System.console();
        var progress = new Progress(System.err, console != null && console.isTerminal());
        var effort = quick ? OutageEffort.QUICK : OutageEffort.FULL;
        BenchReport report;
        try {
            report = new OutageBench(stage.settings(), timer.toAbsolutePath(), broker, effort, progress).run(commit);
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
}
