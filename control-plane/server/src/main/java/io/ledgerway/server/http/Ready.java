package io.ledgerway.server.http;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready when everything that nodes need answers; the rest is shown, and its absence keeps nobody waiting.
@Readiness
@Singleton
final class Ready implements HealthCheck {

    private final Instance<Dependency> dependencies;

    Ready(@Any Instance<Dependency> dependencies) {
        this.dependencies = dependencies;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("ledgerway");
        boolean ready = true;
        for (var dependency : dependencies) {
            var state = dependency.state();
            ready &= state.isUp() || !dependency.isNeeded();
            response.withData(dependency.name(), state.isUp() ? "up" : dependency.isNeeded() ? "down" : "away");
            state.detail().forEach((key, value) -> response.withData(dependency.name() + "." + key, value));
        }
        return response.status(ready).build();
    }
}
