package io.ledgerway.simulation.seeded.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A machine's idea of the time of day, which is the true one until somebody puts it wrong.
public final class WallClock implements InstantSource {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Scheduler scheduler;
    private Duration offset = Duration.ZERO;

    public WallClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(scheduler.now()).plus(offset);
    }

    /// However often it is put wrong, it is wrong by no more than this.
    public void jump(Duration by) {
        offset = by;
    }

    public void putRight() {
        offset = Duration.ZERO;
    }

    public boolean isRight() {
        return offset.isZero();
    }
}
