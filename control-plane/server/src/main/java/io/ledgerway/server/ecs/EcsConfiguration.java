package io.ledgerway.server.ecs;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// Which cloud is spoken to, as whom, and how patiently. The same code speaks to the real one and to a simulator.
///
/// @param endpoint host or host:port for both products; absent: the public ones of the region
/// @param https false only for a simulator
/// @param answerTimeout how long one call may take; after it the outcome is unknown
/// @param rateFactor on the calls per minute that the client allows itself
/// @param rateWait the longest that a call waits for its turn before it counts as throttled
public record EcsConfiguration(
        String regionId,
        Optional<String> endpoint,
        boolean https,
        Credentials credentials,
        Duration connectTimeout,
        Duration answerTimeout,
        double rateFactor,
        Duration rateWait) {

    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration RATE_WAIT = Duration.ofSeconds(5);

    public sealed interface Credentials {
        record AccessKey(String id, String secret) implements Credentials {
            @Override
            public String toString() {
                return "AccessKey[" + id + "]";
            }
        }

        /// A temporary key from STS.
        record SessionKey(String id, String secret, String securityToken) implements Credentials {
            @Override
            public String toString() {
                return "SessionKey[" + id + "]";
            }
        }

        /// The SDK's own search: system properties, environment, OIDC, profile files, the instance's role.
        record DefaultChain() implements Credentials {}
    }

    public EcsConfiguration {
        Objects.requireNonNull(endpoint, "the endpoint is present or empty, not null");
        Objects.requireNonNull(credentials, "ECS calls are signed, so credentials are needed");
        if (regionId == null || regionId.isBlank()) {
            throw new IllegalArgumentException("the region of the ECS endpoint is missing");
        }
        if (rateFactor <= 0) {
            throw new IllegalArgumentException("the rate factor is above zero, not " + rateFactor);
        }
    }

    public static EcsConfiguration publicCloud(String regionId, Credentials credentials) {
        return new EcsConfiguration(
                regionId, Optional.empty(), true, credentials, CONNECT_TIMEOUT, ANSWER_TIMEOUT, 1, RATE_WAIT);
    }

    public static EcsConfiguration simulator(String regionId, String endpoint, Credentials credentials) {
        return new EcsConfiguration(
                regionId, Optional.of(endpoint), false, credentials, CONNECT_TIMEOUT, ANSWER_TIMEOUT, 1, RATE_WAIT);
    }

    public EcsConfiguration withAnswerTimeout(Duration changed) {
        return new EcsConfiguration(
                regionId, endpoint, https, credentials, connectTimeout, changed, rateFactor, rateWait);
    }

    public EcsConfiguration withRate(double factor, Duration wait) {
        return new EcsConfiguration(
                regionId, endpoint, https, credentials, connectTimeout, answerTimeout, factor, wait);
    }
}
