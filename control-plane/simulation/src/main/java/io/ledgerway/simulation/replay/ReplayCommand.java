package io.ledgerway.simulation.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerway.domain.audit.Json;
import io.ledgerway.schemas.EnvelopeCodec;
import io.ledgerway.server.kafka.BrokenLog;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.LogUnreachable;
import io.ledgerway.server.postgres.ProjectionAway;
import io.ledgerway.server.postgres.ProjectionCheck;
import io.ledgerway.server.postgres.Rebuild;
import io.ledgerway.simulation.audit.Inquiry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Folds the log from its first record, to compare with what runs, to rebuild the projection, or to record it.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Reads the log from its start and checks its chain; then compares its fold with the running control"
                        + " plane and with PostgreSQL, or rebuilds PostgreSQL from it, or writes it to a file.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:everything agrees, or was done",
            "1:something differs, or could not be asked",
            "2:wrong usage"
        },
        footer = {"", "Example: ledgerway replay --check --json replay.json", "         ledgerway replay --rebuild"})
public final class ReplayCommand implements Callable<Integer> {

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Task task;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            defaultValue = "${LEDGERWAY_KAFKA_BOOTSTRAP_SERVERS:-127.0.0.1:9092}",
            description = "Kafka (${DEFAULT-VALUE}).")
    private String bootstrap;

    @Option(names = "--topic", defaultValue = LogSettings.TOPIC, description = "The log's topic (${DEFAULT-VALUE}).")
    private String topic;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON too.")
    private Path json;

    @Mixin
    private Inquiry inquiry;

    @Mixin
    private ProjectionTables tables;

    @Spec
    private CommandSpec spec;

    /// What is done with the log; one of them.
    static final class Task {
        @Option(names = "--check", description = "Compare with what runs and with PostgreSQL; nothing is changed.")
        private boolean check;

        @Option(
                names = "--rebuild",
                description = "Project the log into tables beside those that answer, switch to them, and drop the old"
                        + " ones. A running control plane goes on in the new ones.")
        private boolean rebuild;

        @Option(
                names = "--record",
                paramLabel = "FILE",
                description = "Write the records to FILE, Base64, a line each, as golden logs are kept.")
        private Path record;

        Task() {}
    }

    public ReplayCommand() {}

    @Override
    public Integer call() throws IOException {
        // The log manager that Quarkus brings complains, on the terminal, unless it is the first to be asked for a
        // logger.
        System.getLogger(ReplayCommand.class.getName());
        try {
            if (task.check) {
                return check();
            }
            return task.rebuild ? rebuild() : record();
        } catch (Inquiry.NoAnswer e) {
            return failed(e.getMessage());
        } catch (BrokenLog | LogUnreachable e) {
            return failed("the log at " + bootstrap + " does not read as one: " + e.getMessage());
        } catch (ProjectionAway e) {
            return failed(tables.away(e));
        } finally {
            spec.commandLine().getOut().flush();
        }
    }

    private LogSettings log() {
        return LogSettings.at(bootstrap).withTopic(topic);
    }

    private int check() throws IOException {
        // What runs is asked first: the log read afterwards holds all that it can have known.
        var live = new ArrayList<JsonNode>();
        for (var node : inquiry.ask("/v1/nodes")) {
            live.add(inquiry.ask(
                    "/v1/audit/nodes/" + Inquiry.encoded(node.path("name").asText()) + "/state"));
        }
        try (var database = tables.open()) {
            var projected = ProjectionCheck.read(database);
            long start = System.nanoTime();
            var log = ReplayedLog.read(log());
            var took = Duration.ofNanos(System.nanoTime() - start);
            var comparison = new Comparison(log);
            comparison.compareNodes(live);
            var differences = new ArrayList<>(comparison.differences());
            differences.addAll(projected.compare(log.partitions()));
            report(log, took, comparison.nodes(), projected.rows(), differences);
            return differences.isEmpty() ? 0 : 1;
        }
    }

    private int rebuild() throws IOException {
        int partitions = ReplayedLog.partitionsOf(log());
        long start = System.nanoTime();
        try (var database = tables.open()) {
            var result = Rebuild.run(new FollowedLog(log(), partitions), database);
            var took = Duration.ofNanos(System.nanoTime() - start);
            spec.commandLine()
                    .getOut()
                    .printf(
                            "Projected %d records of %d partitions in %d ms into %s, which answers from now on.%n",
                            result.records(), partitions, took.toMillis(), result.tables());
            write(Json.object(
                    "rebuilt", true,
                    "records", result.records(),
                    "milliseconds", took.toMillis(),
                    "tables", result.tables()));
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("interrupted; the tables that answered before still do");
        } catch (IllegalStateException e) {
            return failed(e.getMessage());
        }
    }

    private int record() throws IOException {
        var log = ReplayedLog.read(log());
        var lines = log.partitions().stream()
                .flatMap(List::stream)
                .map(record -> Base64.getEncoder().encodeToString(EnvelopeCodec.encode(record)))
                .toList();
        Files.write(task.record, lines);
        spec.commandLine().getOut().printf("Wrote %d records to %s.%n", lines.size(), task.record);
        return 0;
    }

    private int failed(String why) throws IOException {
        spec.commandLine().getErr().println(why);
        spec.commandLine().getErr().flush();
        write(Json.object("agrees", false, "failure", why));
        return 1;
    }

    private void write(Object result) throws IOException {
        if (json != null) {
            Files.writeString(json, Json.text(result) + "\n");
        }
    }

    private void report(ReplayedLog log, Duration took, int nodes, long rows, List<String> differences)
            throws IOException {
        var out = spec.commandLine().getOut();
        out.printf(
                "Read %d records of %d partitions in %d ms: sequences dense, hash chain whole.%n",
                log.size(), log.partitions().size(), took.toMillis());
        out.printf(
                "Compared %d nodes with the running control plane and %d rows with PostgreSQL: %s.%n",
                nodes, rows, differences.isEmpty() ? "all equal" : differences.size() + " differences");
        differences.stream().limit(Comparison.MOST_LISTED).forEach(difference -> out.println("  " + difference));
        if (differences.size() > Comparison.MOST_LISTED) {
            out.println("  and " + (differences.size() - Comparison.MOST_LISTED) + " more");
        }
        write(Json.object(
                "agrees",
                differences.isEmpty(),
                "records",
                log.size(),
                "partitions",
                log.partitions().stream().map(List::size).toList(),
                "milliseconds",
                took.toMillis(),
                "nodes",
                nodes,
                "rows",
                rows,
                "differences",
                differences));
    }
}
