package io.ledgerway.architecture.planted.domain;

import java.net.InetAddress;
import java.time.Instant;
import java.util.LinkedHashMap;

/// Uses what the domain may use, near what it may not.
record InnocentAddress(InetAddress address, Instant since, LinkedHashMap<String, String> labels) {
    enum State {
        IDLE,
        BOUND
    }

    boolean isOlderThan(Instant other) {
        return since.isBefore(other);
    }
}
