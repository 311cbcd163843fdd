package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.CniPlugin;
import io.ledgerway.simulation.demo.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A CNI plugin that is measured.
///
/// @param name in the figures
/// @param program its binary
/// @param input the file with its network configuration
/// @param environment beyond what a runtime says of a pod
/// @param namespace the network namespace that is its node, if it does not find that by itself
record Contender(String name, Path program, Path input, Map<String, String> environment, Optional<String> namespace) {

    /// A block that nobody else in the peer's namespace uses; its namespace is left by nothing.
    private static final String PTP_CONFIGURATION = """
            {"cniVersion": "1.0.0", "name": "bench", "type": "ptp",
             "ipam": {"type": "host-local", "subnet": "10.77.0.0/16", "dataDir": "%s"}}
            """;

    static Contender ledgerway(Path plugin, Path socket, Path folder) {
        var input = written(
                folder.resolve("ledgerway.json"), CniPlugin.configuration().toString());
        return new Contender(
                "Ledgerway", plugin, input, Map.of("LEDGERWAY_CNI_SOCKET", socket.toString()), Optional.empty());
    }

    /// The reference plugins for the same: a link to the pod, routes, an address from a file.
    static Contender ptp(Path plugins, String namespace, Path folder) {
        var input = written(folder.resolve("ptp.json"), PTP_CONFIGURATION.formatted(folder.resolve("host-local")));
        return new Contender("ptp + host-local", plugins.resolve("ptp"), input, Map.of(), Optional.of(namespace));
    }

    ExecTimer.Job job(String verb, Pod pod, Path output) {
        return job(verb, pod, input, output);
    }

    ExecTimer.Job job(String verb, Pod pod, Path otherInput, Path output) {
        var all = new LinkedHashMap<>(CniPlugin.podEnvironment(verb, pod, program.getParent()));
        all.putAll(environment);
        all.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return new ExecTimer.Job(program, otherInput, output, all);
    }

    static Path written(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
