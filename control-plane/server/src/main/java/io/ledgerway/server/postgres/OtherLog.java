package io.ledgerway.server.postgres;

/// What comes from the log does not continue what has been projected.
final class OtherLog extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherLog(String message) {
        super(message);
    }
}
