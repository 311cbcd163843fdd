package io.ledgerway.domain.node;

import java.util.Optional;

/// How a node connects its pods. It does not change while the node has pods.
///
/// @param configured the word of the node's configuration
/// @param chosen the word of what the node uses
/// @param gives what a pod needs for that
/// @param why why `chosen` is not `configured`; empty if it is
public record NodeDriver(String configured, String chosen, PoolTarget.Mode gives, Optional<String> why) {

    /// What every kernel has, and what executors use that do not say.
    public static final NodeDriver VETH = new NodeDriver("veth", "veth", PoolTarget.Mode.SHARED, Optional.empty());

    public NodeDriver {
        if (configured.isBlank() || chosen.isBlank()) {
            throw new IllegalArgumentException("a driver has a name");
        }
        if (configured.equals(chosen) == why.isPresent()) {
            throw new IllegalArgumentException("another driver than the configured one has a reason, and only another: "
                    + configured + ", " + chosen + why.map(text -> ", " + text).orElse(""));
        }
    }
}
