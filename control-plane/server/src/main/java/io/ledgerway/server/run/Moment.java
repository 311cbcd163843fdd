package io.ledgerway.server.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// When something was: by the steady time that intervals are measured in, and by the clock that people read. That one
/// may be put right by an hour in between, which must lengthen no wait and shorten none.
public record Moment(Duration steady, Instant shown) {

    static Moment now(InstantSource clock, LongSupplier nanoTime) {
        return new Moment(Duration.ofNanos(nanoTime.getAsLong()), clock.instant());
    }

    boolean isBefore(Moment other) {
        return steady.compareTo(other.steady) < 0;
    }

    Duration since(Moment earlier) {
        return steady.minus(earlier.steady);
    }

    @Override
    public String toString() {
        return shown.toString();
    }
}
