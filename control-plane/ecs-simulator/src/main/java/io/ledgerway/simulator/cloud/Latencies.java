package io.ledgerway.simulator.cloud;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long the cloud takes. Nothing of this is published; the defaults are fitted to the polling intervals that other
/// clients of ECS were tuned to. `timeScale` shortens or stretches all of them.
///
/// @param writeMedian of creating, assigning and unassigning, whose times are log-normal
/// @param tailRate the share of calls and changes that take ten times as long
public record Latencies(
        Duration describe,
        Duration writeMedian,
        Duration writeP99,
        Range attach,
        Range detach,
        Range delete,
        double tailRate,
        double timeScale) {

    /// The distance of the 99th percentile from the median of a normal distribution, in standard deviations.
    private static final double P99_DEVIATIONS = 2.326;

    private static final double TAIL_FACTOR = 10;

    public record Range(Duration from, Duration to) {}

    public static Latencies realistic(double timeScale) {
        return new Latencies(
                Duration.ofMillis(80),
                Duration.ofMillis(300),
                Duration.ofMillis(1500),
                new Range(Duration.ofSeconds(3), Duration.ofSeconds(6)),
                new Range(Duration.ofSeconds(2), Duration.ofSeconds(5)),
                new Range(Duration.ofSeconds(1), Duration.ofSeconds(3)),
                0.01,
                timeScale);
    }

    /// Every change is done by the time of the next call.
    public static Latencies none() {
        return realistic(0);
    }

    public Latencies scaledBy(double newTimeScale) {
        return new Latencies(describe, writeMedian, writeP99, attach, detach, delete, tailRate, newTimeScale);
    }

    Duration describing(RandomGenerator random) {
        return scaled(describe.toNanos(), random);
    }

    Duration writing(RandomGenerator random) {
        double median = writeMedian.toNanos();
        double sigma = Math.log(writeP99.toNanos() / median) / P99_DEVIATIONS;
        return scaled(median * Math.exp(sigma * random.nextGaussian()), random);
    }

    Duration within(Range range, RandomGenerator random) {
        long from = range.from().toNanos();
        long spread = range.to().toNanos() - from;
        return scaled(from + random.nextDouble() * spread, random);
    }

    private Duration scaled(double nanos, RandomGenerator random) {
        double factor = random.nextDouble() < tailRate ? TAIL_FACTOR : 1;
        return Duration.ofNanos((long) (nanos * factor * timeScale));
    }
}
