package io.ledgerway.architecture.planted.domain;

import java.time.Instant;
import java.util.function.Supplier;

/// By reference, which a rule that looks at calls alone would miss.
record ReadsTheClock(Supplier<Instant> clock) {
    ReadsTheClock() {
        this(Instant::now);
    }
}
