package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerway.simulation.vpc.Namespaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Executes the real plugin binary as a container runtime does: environment, configuration on standard input, result
/// on standard output.
public final class CniPlugin {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String VERSION = "1.1.0";

    /// The name of the network, which nodes serve and no other.
    public static final String NETWORK = "ledgerway";

    private final Path binary;

    public CniPlugin(Path binary) {
        this.binary = binary;
    }

    /// What the plugin answered and how long the runtime waited for it, process start included.
    public record Answer(int status, JsonNode result, Duration took) {

        public boolean succeeded() {
            return status == 0;
        }

        /// The pod's IPv4 address without its prefix length.
        public String address() {
            return CniPlugin.address(result);
        }

        /// The code of the CNI error, 0 without one.
        public int code() {
            return result.path("code").asInt();
        }

        /// The CNI error, as its specification words it.
        public String error() {
            return "CNI error " + code() + ": " + result.path("msg").asText() + " "
                    + result.path("details").asText();
        }
    }

    /// The pod's IPv4 address in a result of ADD, without its prefix length.
    public static String address(JsonNode result) {
        return result.path("ips").path(0).path("address").asText().split("/")[0];
    }

    public Answer add(Pod pod, Path socket) {
        return run("ADD", pod, socket, configuration());
    }

    /// @param added what ADD answered, which the runtime keeps for this
    public Answer check(Pod pod, Path socket, JsonNode added) {
        return run("CHECK", pod, socket, configuration().set("prevResult", added));
    }

    public Answer delete(Pod pod, Path socket) {
        return run("DEL", pod, socket, configuration());
    }

    /// The network configuration that a runtime gives on standard input.
    public static ObjectNode configuration() {
        return JSON.createObjectNode()
                .put("cniVersion", VERSION)
                .put("name", NETWORK)
                .put("type", "ledgerway-cni");
    }

    private Answer run(String verb, Pod pod, Path socket, JsonNode configuration) {
        return call(
                verb + " of " + pod,
                environment(verb, pod, socket),
                configuration.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Whatever a runtime may send, right or wrong.
    ///
    /// @param what it is, for messages
    public Answer call(String what, Map<String, String> environment, byte[] input) {
        var builder = new ProcessBuilder(binary.toString()).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        long started = System.nanoTime();
        try {
            var process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException closedEarly) {
                // It has read enough to refuse the rest.
            }
            var output = process.getInputStream().readAllBytes();
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("CNI " + what + " had not ended after " + LIMIT);
            }
            var took = Duration.ofNanos(System.nanoTime() - started);
            // CHECK and DEL that succeed say nothing.
            var result = output.length == 0 ? JSON.missingNode() : JSON.readTree(output);
            return new Answer(process.exitValue(), result, took);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("CNI " + what + " answered with what is no JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run CNI " + what + " with " + binary, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in CNI " + what, e);
        }
    }

    /// What the plugin is told of a pod, and where the executor of its node is.
    public Map<String, String> environment(String verb, Pod pod, Path socket) {
        var all = new LinkedHashMap<>(podEnvironment(verb, pod, binary.getParent()));
        all.put("LEDGERWAY_CNI_SOCKET", socket.toString());
        return all;
    }

    /// What a runtime says to any plugin.
    public static Map<String, String> podEnvironment(String verb, Pod pod, Path pluginFolder) {
        return Map.of(
                "CNI_COMMAND", verb,
                "CNI_CONTAINERID", pod.sandbox(),
                "CNI_NETNS", Namespaces.path(pod.netns()).toString(),
                "CNI_IFNAME", "eth0",
                "CNI_PATH", pluginFolder.toString(),
                "CNI_ARGS",
                        "IgnoreUnknown=1;K8S_POD_NAMESPACE=%s;K8S_POD_NAME=%s;K8S_POD_INFRA_CONTAINER_ID=%s;K8S_POD_UID=%s"
                                .formatted(pod.namespace(), pod.name(), pod.sandbox(), pod.uid()));
    }
}
