package io.ledgerway.simulator.cloud;

import java.time.Duration;

/// @param throttleFactor on the usual calls per minute; 0 lifts the limits
/// @param tokenLife how long a ClientToken is remembered; the real time is not published
/// @param interfaceQuota interfaces in the region
public record CloudSettings(
        String regionId,
        Latencies latencies,
        Quirks quirks,
        double throttleFactor,
        Duration tokenLife,
        int interfaceQuota) {
    public static final Duration TOKEN_LIFE = Duration.ofHours(24);
    public static final int INTERFACE_QUOTA = 5000;

    public CloudSettings {
        regionId = regionId == null ? "cn-hangzhou" : regionId;
        latencies = latencies == null ? Latencies.realistic(1) : latencies;
        quirks = quirks == null ? Quirks.none() : quirks;
        tokenLife = tokenLife == null ? TOKEN_LIFE : tokenLife;
        interfaceQuota = interfaceQuota == 0 ? INTERFACE_QUOTA : interfaceQuota;
    }

    public static CloudSettings of(String regionId, Latencies latencies) {
        return new CloudSettings(regionId, latencies, Quirks.none(), 1, TOKEN_LIFE, INTERFACE_QUOTA);
    }
}
