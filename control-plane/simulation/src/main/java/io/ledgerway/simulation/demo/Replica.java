package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Another control plane of the same cluster, with addresses of its own.
public final class Replica {

    private static final String NAME = "control-plane-2";
    private static final Duration TO_SERVE = Duration.ofSeconds(60);

    private final List<String> command;
    private final Map<String, String> environment;
    private final Processes processes;
    private final Json json;
    private final URI api;
    private final String nodeApi;
    private Processes.Running running;

    /// @param environment of the control plane that it is beside
    Replica(
            List<String> command,
            Map<String, String> environment,
            Processes processes,
            Json json,
            int httpPort,
            int nodeApiPort) {
        this.command = command;
        this.environment = new LinkedHashMap<>(environment);
        this.processes = processes;
        this.json = json;
        this.api = URI.create("http://127.0.0.1:" + httpPort);
        this.nodeApi = "127.0.0.1:" + nodeApiPort;
        this.environment.put("LEDGERWAY_HTTP_PORT", Integer.toString(httpPort));
        this.environment.put("LEDGERWAY_NODE_API_PORT", Integer.toString(nodeApiPort));
        this.environment.put("LEDGERWAY_NODE_API_ADVERTISED", nodeApi);
    }

    /// Where executors reach it, host and port.
    public String nodeApi() {
        return nodeApi;
    }

    public Path log() {
        return running.log();
    }

    public void start() {
        running = processes.start(NAME, command, environment);
    }

    public void awaitReady() {
        processes.awaitReady(running, this::isReady, TO_SERVE);
    }

    /// Whether it owns every partition now.
    public boolean isReady() {
        return json.answers(api.resolve("/q/health/ready"));
    }

    /// How often each partition has been taken over.
    public List<Long> epochs() {
        return json.read(api.resolve("/v1/log")).findValues("epoch").stream()
                .map(JsonNode::asLong)
                .toList();
    }

    public void stop() {
        processes.stop(running);
    }
}
