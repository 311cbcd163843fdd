package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Progress;
import io.ledgerway.simulation.vpc.BoxId;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bench datapath`. Exit status 0 when it ran; with `--check` 1 if an aim was missed.
@Command(
        name = "datapath",
        description = "Round trips and throughput between pods, beside a bridge, VXLAN and the nodes themselves.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class DatapathBenchCommand implements Callable<Integer> {

    @Option(names = "--box", required = true, description = "names the VPCs' network namespaces")
    private String box;

    @Option(names = "--commit", required = true, description = "what is measured")
    private String commit;

    @Option(names = "--json", description = "file to write the figures to")
    private Path json;

    @Option(names = "--check", description = "a missed aim is exit status 1")
    private boolean check;

    @Option(names = "--quick", description = "fewer and shorter rounds, for a first impression")
    private boolean quick;

    @Override
    public Integer call() {
        var console = System.console();
        var progress = new Progress(System.err, console != null && console.isTerminal());
        BenchReport report;
        try {
            report = new DatapathBench(new BoxId(box), quick ? DatapathEffort.QUICK : DatapathEffort.FULL, progress)
                    .run(commit);
        } catch (IllegalStateException | UncheckedIOException e) {
            progress.clear();
            System.err.println("bench datapath could not go on: " + e.getMessage());
            return 1;
        }
        report.print(System.out);
        if (json != null) {
            report.write(json);
        }
        return check && !report.missed().isEmpty() ? 1 : 0;
    }
}
