package io.ledgerway.server.run;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long is waited before something is tried again.
///
/// @param first before the second attempt; it doubles from there
/// @param longest no wait between two attempts is longer
/// @param vSwitchRest how long a vSwitch without addresses is left alone
/// @param refusalRest how long the cloud is left alone after it has refused, or named a limit
public record Backoff(Duration first, Duration longest, Duration vSwitchRest, Duration refusalRest) {

    /// Doubling any further would only overflow.
    private static final int MOST_DOUBLINGS = 20;

    public static final Backoff DEFAULT =
            new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(5));

    /// No wait is longer than this, whatever it is for.
    Duration longestOfAll() {
        var rest = vSwitchRest.compareTo(refusalRest) > 0 ? vSwitchRest : refusalRest;
        return rest.compareTo(longest) > 0 ? rest : longest;
    }

    /// Half of the wait is fixed and half is drawn, so that many who failed together do not come back together.
    ///
    /// @param attempt the one that has just failed, from 1 on
    public Duration after(int attempt, RandomGenerator random) {
        var doubled = first.multipliedBy(1L << Math.min(MOST_DOUBLINGS, Math.max(0, attempt - 1)));
        var whole = doubled.compareTo(longest) < 0 ? doubled : longest;
        long half = Math.max(1, whole.toNanos() / 2);
        return Duration.ofNanos(half + random.nextLong(half + 1));
    }
}
