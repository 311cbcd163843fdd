package io.ledgerway.node;

import io.ledgerway.node.controlplane.GrpcControlPlane;
import io.ledgerway.node.controlplane.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;

/// What the executor is told. Each setting is a line of a properties file, whose path is the only argument of the
/// program, or an environment variable, which goes first: `cni-socket` is `LEDGERWAY_CNI_SOCKET`.
///
/// @param controlPlane addresses of the control plane's replicas
/// @param serverName the name in the control plane's certificate, where it is not the address's host
/// @param clusterId what the certificate has to name; it is checked only if it is set
/// @param nodeName as `clusterId`
/// @param netns the network namespace that is the node; the process's own if there is none
/// @param bootId the node's boot, where it is not the kernel's: a simulated node has its own
/// @param network the only network that is served, every one if there is none
record Settings(
        List<GrpcControlPlane.Endpoint> controlPlane,
        Optional<String> serverName,
        Tls tls,
        Optional<String> clusterId,
        Optional<String> nodeName,
        Path cniSocket,
        Path data,
        Optional<String> netns,
        Optional<String> bootId,
        Optional<String> network,
        int mtu,
        Duration callDeadline,
        Duration offlineAfter,
        Level logLevel) {

    private static final String PREFIX = "LEDGERWAY_";
    private static final Set<String> NAMES = new TreeSet<>(List.of(
            "control-plane",
            "control-plane-name",
            "certificate",
            "key",
            "ca",
            "cluster-id",
            "node-name",
            "cni-socket",
            "data",
            "netns",
            "boot-id",
            "network",
            "driver",
            "mtu",
            "call-deadline",
            "offline-after",
            "log-level"));

    /// A setting is missing or cannot be what it is.
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    static Settings read(String[] arguments, Map<String, String> environment) throws Wrong, IOException {
        if (arguments.length > 1) {
            throw new Wrong("the only argument is the path of a properties file, and there are " + arguments.length);
        }
        var file = new Properties();
        if (arguments.length == 1) {
            try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
                file.load(in);
            }
        }
        for (var name : file.stringPropertyNames()) {
            if (!NAMES.contains(name)) {
                throw new Wrong(arguments[0] + " sets " + name + ", which is no setting; the settings are " + NAMES);
            }
        }
        return new Reader(file, environment).settings();
    }

    private record Reader(Properties file, Map<String, String> environment) {

        Settings settings() throws Wrong {
            var driver = optional("driver").orElse("veth");
            if (!driver.equals("veth")) {
                throw new Wrong("driver " + driver + " does not exist; the only one is veth");
            }
            return new Settings(
                    addresses(required("control-plane")),
                    optional("control-plane-name"),
                    new Tls(Path.of(required("certificate")), Path.of(required("key")), Path.of(required("ca"))),
                    optional("cluster-id"),
                    optional("node-name"),
                    Path.of(optional("cni-socket").orElse("/run/ledgerway/cni.sock")),
                    Path.of(optional("data").orElse("/var/lib/ledgerway")),
                    optional("netns"),
                    optional("boot-id"),
                    optional("network"),
                    number("mtu", 1500),
                    duration("call-deadline", Duration.ofSeconds(5)),
                    duration("offline-after", Duration.ofMillis(250)),
                    level(optional("log-level").orElse("INFO")));
        }

        private Optional<String> optional(String name) {
            return Optional.ofNullable(environment.get(variable(name)))
                    .or(() -> Optional.ofNullable(file.getProperty(name)))
                    .map(String::strip)
                    .filter(value -> !value.isEmpty());
        }

        private String required(String name) throws Wrong {
            return optional(name)
                    .orElseThrow(() -> new Wrong("setting " + name + " is missing; set " + variable(name)
                            + " or a line of the properties file"));
        }

        private static String variable(String name) {
            return PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
        }

        private int number(String name, int otherwise) throws Wrong {
            var value = optional(name);
            try {
                return value.map(Integer::parseInt).orElse(otherwise);
            } catch (NumberFormatException e) {
                throw new Wrong(name + " is a number, not " + value.orElseThrow());
            }
        }

        private Duration duration(String name, Duration otherwise) throws Wrong {
            var value = optional(name);
            try {
                var duration = value.map(text -> Duration.parse("PT" + text.toUpperCase(Locale.ROOT)))
                        .orElse(otherwise);
                if (!duration.isPositive()) {
                    throw new Wrong(name + " is longer than nothing, not " + value.orElseThrow());
                }
                return duration;
            } catch (DateTimeParseException e) {
                throw new Wrong(name + " is a duration like 5s or 1m30s, not " + value.orElseThrow());
            }
        }

        private static Level level(String text) throws Wrong {
            return switch (text.toUpperCase(Locale.ROOT)) {
                case "ERROR" -> Level.SEVERE;
                case "WARNING" -> Level.WARNING;
                case "INFO" -> Level.INFO;
                case "DEBUG" -> Level.FINE;
                default -> throw new Wrong("log-level is ERROR, WARNING, INFO or DEBUG, not " + text);
            };
        }

        private static List<GrpcControlPlane.Endpoint> addresses(String text) throws Wrong {
            var addresses = new ArrayList<GrpcControlPlane.Endpoint>();
            for (var part : text.split(",")) {
                var address = part.strip();
                int colon = address.lastIndexOf(':');
                try {
                    addresses.add(new GrpcControlPlane.Endpoint(
                            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
                } catch (IndexOutOfBoundsException | NumberFormatException e) {
                    throw new Wrong("control-plane is host:port, several with commas between, not " + text);
                }
            }
            return addresses;
        }
    }
}
