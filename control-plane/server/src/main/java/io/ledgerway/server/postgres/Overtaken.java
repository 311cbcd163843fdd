package io.ledgerway.server.postgres;

/// Somebody else projects into the same tables.
final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Overtaken(String message) {
        super(message);
    }
}
