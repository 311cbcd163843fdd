package io.ledgerway.simulation.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerway.domain.audit.Json;
import io.ledgerway.server.kafka.BrokenLog;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.LogUnreachable;
import io.ledgerway.simulation.audit.Inquiry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Folds the log from its first record and compares with what runs.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Reads the log from its start, checks its chain, and compares its fold with the running control"
                + " plane and with PostgreSQL.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:everything agrees", "1:something differs, or could not be asked", "2:wrong usage"},
        footer = {"", "Example: ledgerway replay --check --json replay.json"})
public final class ReplayCommand implements Callable<Integer> {

    @Option(names = "--check", required = true, description = "Compare; nothing is changed.")
    private boolean check;

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

    @Spec
    private CommandSpec spec;

    public ReplayCommand() {}

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        try {
            // What runs is asked first: the log read afterwards holds all that it can have known.
            var live = new ArrayList<JsonNode>();
            for (var node : inquiry.ask("/v1/nodes")) {
                live.add(inquiry.ask(
                        "/v1/audit/nodes/" + Inquiry.encoded(node.path("name").asText()) + "/state"));
            }
            var projected = inquiry.ask("/v1/holdings?all=true");
            long start = System.nanoTime();
            var log = ReplayedLog.read(LogSettings.at(bootstrap).withTopic(topic));
            var took = Duration.ofNanos(System.nanoTime() - start);
            var comparison = new Comparison(log);
            comparison.compareNodes(live);
            comparison.compareHoldings(projected);
            report(log, took, comparison);
            return comparison.differences().isEmpty() ? 0 : 1;
        } catch (Inquiry.NoAnswer e) {
            return failed(e.getMessage());
        } catch (BrokenLog | LogUnreachable e) {
            return failed("the log at " + bootstrap + " does not read as one: " + e.getMessage());
        } finally {
            out.flush();
        }
    }

    private int failed(String why) throws IOException {
        spec.commandLine().getErr().println(why);
        if (json != null) {
            Files.writeString(json, Json.text(Json.object("agrees", false, "failure", why)) + "\n");
        }
        return 1;
    }

    private void report(ReplayedLog log, Duration took, Comparison comparison) throws IOException {
        var out = spec.commandLine().getOut();
        var differences = comparison.differences();
        out.printf(
                "Read %d records of %d partitions in %d ms: sequences dense, hash chain whole.%n",
                log.size(), log.partitions().size(), took.toMillis());
        out.printf(
                "Compared %d nodes with the running control plane and %d holdings with PostgreSQL: %s.%n",
                comparison.nodes(),
                comparison.holdings(),
                differences.isEmpty() ? "all equal" : differences.size() + " differences");
        differences.stream().limit(Comparison.MOST_LISTED).forEach(difference -> out.println("  " + difference));
        if (differences.size() > Comparison.MOST_LISTED) {
            out.println("  and " + (differences.size() - Comparison.MOST_LISTED) + " more");
        }
        if (json != null) {
            Files.writeString(
                    json,
                    Json.text(Json.object(
                                    "agrees",
                                    differences.isEmpty(),
                                    "records",
                                    log.size(),
                                    "partitions",
                                    log.partitions().stream().map(List::size).toList(),
                                    "milliseconds",
                                    took.toMillis(),
                                    "nodes",
                                    comparison.nodes(),
                                    "holdings",
                                    comparison.holdings(),
                                    "differences",
                                    differences))
                            + "\n");
        }
    }
}
