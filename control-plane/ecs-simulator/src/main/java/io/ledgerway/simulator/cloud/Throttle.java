package io.ledgerway.simulator.cloud;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Calls per action and clock minute: what is refused in one minute is accepted from the next one on.
final class Throttle {
    private static final int DEFAULT_PER_MINUTE = 500;
    private static final long SECONDS_PER_MINUTE = 60;

    private record Window(long minute, int calls) {}

    private final Map<String, Window> windows = new HashMap<>();
    private double factor;

    /// @param factor on the usual limits; 0 lifts them
    Throttle(double factor) {
        this.factor = factor;
    }

    void scale(double newFactor) {
        factor = newFactor;
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

    void count(String action, Instant now) {
        long minute = now.getEpochSecond() / SECONDS_PER_MINUTE;
        Window seen = windows.get(action);
        int calls = seen != null && seen.minute == minute ? seen.calls + 1 : 1;
        windows.put(action, new Window(minute, calls));
        if (factor > 0 && calls > Math.max(1, perMinute(action) * factor)) {
            throw new Refusal(400, "Throttling", "Request was denied due to request throttling.");
        }
    }
}
