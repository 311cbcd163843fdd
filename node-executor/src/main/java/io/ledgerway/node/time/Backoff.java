package io.ledgerway.node.time;

import java.time.Duration;

/// How long to pause before the next attempt: each time twice as long, up to a limit, and short again after a success.
/// For one thread.
public final class Backoff {

    private final Duration shortest;
    private final Duration longest;
    private Duration next;

    public Backoff(Duration shortest, Duration longest) {
        this.shortest = shortest;
        this.longest = longest;
        this.next = shortest;
    }

    /// The pause after an attempt that has failed.
    public Duration next() {
        var pause = next;
        var doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
        return pause;
    }

    /// An attempt has succeeded.
    public void reset() {
        next = shortest;
    }
}
