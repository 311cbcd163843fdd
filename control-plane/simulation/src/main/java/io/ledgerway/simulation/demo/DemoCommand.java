package io.ledgerway.simulation.demo;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `demo`: everything at work, step by step. Exit status 0 if all that it claims held, 1 otherwise.
@Command(
        name = "demo",
        description = "Shows the whole product at work: 3 nodes, 30 pods, a crash and the proof that nothing is lost.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class DemoCommand implements Callable<Integer> {

    @Mixin
    private StageOptions stage;

    @Option(names = "--json", description = "file to write the result to, as data")
    private Path json;

    @Option(names = "--keep", description = "leave everything running")
    private boolean keep;

    @Option(names = "--faults", description = "and bad input, wrong certificates, Kafka and PostgreSQL killed")
    private boolean faults;

    @Override
    public Integer call() {
        var console = System.console();
        var progress = new Progress(System.err, console != null && console.isTerminal());
        var report = new Demo(stage.settings(), progress, System.out).run(keep, faults);
        report.print(System.out);
        if (json != null) {
            report.write(json);
        }
        return report.held() ? 0 : 1;
    }
}
