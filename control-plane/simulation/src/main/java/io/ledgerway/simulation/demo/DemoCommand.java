package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.vpc.BoxId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `demo`: everything at work, step by step. Exit status 0 if all that it claims held, 1 otherwise.
@Command(
        name = "demo",
        description = "Shows the whole product at work: 3 nodes, 30 pods, a crash and the proof that nothing is lost.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class DemoCommand implements Callable<Integer> {

    @Option(names = "--box", defaultValue = "demo", description = "id of the simulated VPC (${DEFAULT-VALUE})")
    private String box;

    @Option(names = "--cluster", required = true, description = "cluster id that the certificates name")
    private String cluster;

    @Option(names = "--records", required = true, description = "folder in which running processes are written down")
    private Path records;

    @Option(names = "--logs", required = true, description = "folder of the processes' logs")
    private Path logs;

    @Option(names = "--data", required = true, description = "folder of the nodes' sockets and state")
    private Path data;

    @Option(names = "--pki", required = true, description = "folder with the certificates of server and nodes")
    private Path certificates;

    @Option(
            names = "--cloud",
            required = true,
            description = "command that starts the simulated cloud, one word a line")
    private String cloud;

    @Option(names = "--server", required = true, description = "command that starts the control plane")
    private String server;

    @Option(names = "--executor", required = true, description = "command that starts a node executor")
    private String executor;

    @Option(names = "--plugin", required = true, description = "the CNI binary")
    private Path plugin;

    @Option(names = "--json", description = "file to write the result to, as data")
    private Path json;

    @Option(names = "--keep", description = "leave everything running")
    private boolean keep;

    @Override
    public Integer call() {
        var settings = new DemoSettings(
                new BoxId(box),
                cluster,
                records.toAbsolutePath(),
                logs.toAbsolutePath(),
                data.toAbsolutePath(),
                certificates.toAbsolutePath(),
                words(cloud),
                words(server),
                words(executor),
                plugin.toAbsolutePath());
        var console = System.console();
        var progress = new Progress(System.err, console != null && console.isTerminal());
        var report = new Demo(settings, progress, System.out).run(keep);
        report.print(System.out);
        if (json != null) {
            report.write(json);
        }
        return report.held() ? 0 : 1;
    }

    /// A line each, because the paths in it may hold spaces.
    private static List<String> words(String command) {
        return List.of(command.strip().split("\n"));
    }
}
