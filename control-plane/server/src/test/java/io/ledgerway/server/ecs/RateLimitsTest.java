package io.ledgerway.server.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private final AtomicLong now = new AtomicLong();
    private final RateLimits limits = new RateLimits(0.02, now::get);

    @Test
    void aBurstPassesThenCallersQueueAndTheLastAreRefused() {
        // 0.02 of 500 a minute: 10 at once, then one in 6 seconds.
        for (int i = 0; i < 10; i++) {
            assertEquals(Duration.ZERO, limits.reserve("AttachNetworkInterface", Duration.ZERO));
        }
        assertEquals(
                6,
                limits.reserve("AttachNetworkInterface", Duration.ofSeconds(20)).toSeconds());
        assertEquals(
                12,
                limits.reserve("AttachNetworkInterface", Duration.ofSeconds(20)).toSeconds());
        assertTrue(
                limits.reserve("AttachNetworkInterface", Duration.ofSeconds(17)).isNegative());
        assertEquals(Duration.ZERO, limits.reserve("CreateNetworkInterface", Duration.ZERO));
    }

    @Test
    void whatIsNotUsedIsSavedUpToOneBurst() {
        for (int i = 0; i < 10; i++) {
            limits.reserve("AttachNetworkInterface", Duration.ZERO);
        }
        now.addAndGet(Duration.ofHours(1).toNanos());
        for (int i = 0; i < 10; i++) {
            assertEquals(Duration.ZERO, limits.reserve("AttachNetworkInterface", Duration.ZERO));
        }
        assertTrue(limits.reserve("AttachNetworkInterface", Duration.ZERO).isNegative());
    }
}
