package io.ledgerway.simulator.cloud;

import java.time.Duration;

/// An answer on its way: when it leaves, and what becomes of it.
public record Reply(String requestId, Answer answer, Duration delay, Delivery delivery) {
    public enum Delivery {
        COMPLETE,
        DROPPED,
        TRUNCATED,
        BAD_GATEWAY,
        EMPTY_BODY,
        FALSE_OK
    }
}
