package io.ledgerway.server.ecs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// One token bucket per action, since the cloud counts each action by itself and per minute. They keep us below its
/// limits when nobody else uses the account, and leave room where somebody does.
final class RateLimits {
    private static final int DEFAULT_PER_MINUTE = 500;
    private static final double NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();

    private static final class Bucket {
        private double tokens;
        private long at;
    }

    private final double factor;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new HashMap<>();

    RateLimits(double factor, LongSupplier nanoTime) {
        this.factor = factor;
        this.nanoTime = nanoTime;
    }

    static int perMinute(String action) {
        return switch (action) {
            case "DescribeNetworkInterfaces" -> 800;
            case "DetachNetworkInterface",
                    "AssignPrivateIpAddresses",
                    "UnassignPrivateIpAddresses",
                    "DescribeInstanceTypes" -> 400;
            case "DescribeVSwitches" -> 300;
            default -> DEFAULT_PER_MINUTE;
        };
    }

    /// Takes a place in the queue and tells how long it is; takes none when the wait would be longer than `longest`.
    ///
    /// @return the wait, or a negative duration when it is refused
    synchronized Duration reserve(String action, Duration longest) {
        double burst = Math.max(1, perMinute(action) * factor);
        double perNano = perMinute(action) * factor / NANOS_PER_MINUTE;
        long now = nanoTime.getAsLong();
        var bucket = buckets.computeIfAbsent(action, a -> {
            var full = new Bucket();
            full.tokens = burst;
            full.at = now;
            return full;
        });
        bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perNano);
        bucket.at = now;
        double missing = 1 - bucket.tokens;
        var wait = missing <= 0 ? Duration.ZERO : Duration.ofNanos((long) (missing / perNano));
        if (wait.compareTo(longest) > 0) {
            return Duration.ofNanos(-1);
        }
        bucket.tokens -= 1;
        return wait;
    }
}
