package io.ledgerway.server.http;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Alive while it answers. Nothing outside can make a restart useful, so nothing outside is looked at.
@Liveness
@Singleton
final class Alive implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.up("ledgerway");
    }
}
