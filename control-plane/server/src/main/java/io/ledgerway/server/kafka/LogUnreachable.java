package io.ledgerway.server.kafka;

/// Kafka was asked for something and did not answer as it should; it may later.
public final class LogUnreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
