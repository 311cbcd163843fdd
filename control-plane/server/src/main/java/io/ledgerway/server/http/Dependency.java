package io.ledgerway.server.http;

import java.util.Map;

/// Something outside that this replica talks to, for the readiness report.
public interface Dependency {

    String name();

    /// Whether nodes are served worse without it; what only shows or learns things is not needed.
    boolean isNeeded();

    State state();

    /// @param detail what was tried, on what, since when, and what came back
    record State(boolean isUp, Map<String, String> detail) {}
}
