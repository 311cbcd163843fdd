package io.ledgerway.server;

import io.ledgerway.server.ecs.EcsCloud;
import io.ledgerway.server.http.Dependency;
import java.util.Map;

/// Whether ECS answered when it was asked last. Nodes are served from their pools without it.
record EcsStatus(EcsCloud cloud, String endpoint) implements Dependency {

    @Override
    public String name() {
        return "ecs";
    }

    @Override
    public boolean isNeeded() {
        return false;
    }

    @Override
    public State state() {
        var last = cloud.lastAnswer();
        return new State(last.heard(), Map.of("endpoint", endpoint, "last", last.said()));
    }
}
