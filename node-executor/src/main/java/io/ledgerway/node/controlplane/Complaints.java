package io.ledgerway.node.controlplane;

import io.ledgerway.node.time.Signal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// What is wrong with something that is tried again and again: a trouble that lasts is told once, not at every attempt,
/// and none after the end has begun. For one thread.
final class Complaints {

    private final Logger log;
    private final Signal closed;
    private final Duration longestPause;
    private String last = "";

    Complaints(Logger log, Signal closed, Duration longestPause) {
        this.log = log;
        this.closed = closed;
        this.longestPause = longestPause;
    }

    void say(String message) {
        if (!closed.isGiven() && !message.equals(last)) {
            last = message;
            log.log(Level.WARNING, "{0}; trying again, at least every {1} s", message, longestPause.toSeconds());
        }
    }

    /// The trouble is over: what comes next is told, though it may be the same.
    void areOver() {
        last = "";
    }
}
