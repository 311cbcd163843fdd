package io.ledgerway.node.cni;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a runtime asks for a single pod, under `runtimeConfig`, once a conflist has declared the capability. `dns` is
/// passed through; of what is not made here the pod may not believe that it has it, so it is refused by name. Keys that
/// nobody here knows are ignored, as the specification wants it.
final class Capabilities {

    /// Each with who does it instead.
    private static final Map<String, String> NOT_MADE = Map.of(
            "portMappings", "let the plugin portmap after this one have the capability",
            "bandwidth", "let the plugin bandwidth after this one have the capability",
            "ips", "addresses are allocated by the log",
            "mac", "the address of the pod's link is chosen by the node");

    private Capabilities() {}

    /// @throws CniException if anything is asked for that an ADD would not do
    static void requireMade(Map<?, ?> configuration) {
        Optional<Map<?, ?>> asked = NetworkConfiguration.object(configuration, "runtimeConfig");
        if (asked.isEmpty()) {
            return;
        }
        List<String> refused = new ArrayList<>();
        for (Map.Entry<?, ?> entry : asked.get().entrySet()) {
            String instead = NOT_MADE.get(String.valueOf(entry.getKey()));
            if (instead != null && asksForSomething(entry.getValue())) {
                refused.add(entry.getKey() + " (" + instead + ")");
            }
        }
        if (!refused.isEmpty()) {
            throw new CniException(
                    CniErrorCode.INVALID_CONFIGURATION,
                    "the pod asks for what this plugin does not make: " + String.join(", ", refused)
                            + "; take it out of \"capabilities\" of ledgerway-cni in the network configuration");
        }
    }

    /// Runtimes send empty lists and rates of 0 for pods that ask for nothing.
    private static boolean asksForSomething(Object value) {
        return switch (value) {
            case null -> false;
            case Collection<?> list -> !list.isEmpty();
            case Map<?, ?> object -> object.values().stream().anyMatch(Capabilities::asksForSomething);
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            default -> true;
        };
    }
}
