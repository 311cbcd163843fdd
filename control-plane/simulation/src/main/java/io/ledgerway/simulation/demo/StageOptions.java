package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.vpc.BoxId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What the launcher tells everybody who starts the whole product: folders, certificates and commands.
public final class StageOptions {

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

    @Option(names = "--kafka", defaultValue = "", description = "command that starts Kafka again after it was killed")
    private String kafka;

    @Option(names = "--postgres", defaultValue = "", description = "command that starts PostgreSQL again")
    private String postgres;

    @Option(names = "--plugin", required = true, description = "the CNI binary")
    private Path plugin;

    @Option(names = "--trouble", description = "the library that puts clocks wrong and makes folders read-only")
    private Path trouble;

    public DemoSettings settings() {
        return new DemoSettings(
                new BoxId(box),
                cluster,
                records.toAbsolutePath(),
                logs.toAbsolutePath(),
                data.toAbsolutePath(),
                certificates.toAbsolutePath(),
                words(cloud),
                words(server),
                words(executor),
                words(kafka),
                words(postgres),
                plugin.toAbsolutePath(),
                Optional.ofNullable(trouble).map(Path::toAbsolutePath));
    }

    /// A line each, because the paths in it may hold spaces.
    private static List<String> words(String command) {
        return command.isBlank() ? List.of() : List.of(command.strip().split("\n"));
    }
}
