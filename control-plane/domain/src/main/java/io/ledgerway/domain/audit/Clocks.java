package io.ledgerway.domain.audit;

import java.time.Duration;
import java.time.Instant;

/// What times in the log are worth.
public final class Clocks {

    /// The clocks of two machines of one cluster are taken to differ by no more than this. Within one partition
    /// the order of the log decides and no clock is asked; where only times can be compared, this is how exact an
    /// answer is.
    public static final Duration UNCERTAINTY = Duration.ofMillis(500);

    private Clocks() {}

    /// Whether what happened was told so much later that somebody had to write it down meanwhile.
    public static boolean isLate(Instant happened, Instant told) {
        return Duration.between(happened, told).compareTo(UNCERTAINTY) > 0;
    }
}
