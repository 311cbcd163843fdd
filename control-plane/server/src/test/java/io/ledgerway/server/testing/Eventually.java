package io.ledgerway.server.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/// Waits for a condition, and says what it saw last when that does not come.
public final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(5);

    private Eventually() {}

    public static void eventually(String what, BooleanSupplier condition, Supplier<?> seen) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                Assertions.fail(what + " did not come within " + PATIENCE + "; last seen: " + seen.get());
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}
