package io.ledgerway.server.kafka;

import org.apache.kafka.common.errors.TimeoutException;

/// Failures as Kafka's client reports them, for tests of other packages.
public final class KafkaTrouble {

    private KafkaTrouble() {}

    public static RuntimeException timeout() {
        return new TimeoutException("planted by a test: no answer in time");
    }
}
