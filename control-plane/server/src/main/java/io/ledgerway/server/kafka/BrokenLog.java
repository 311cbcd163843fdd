package io.ledgerway.server.kafka;

/// The partition's records do not follow one another: something was lost, doubled, reordered or changed.
/// Nothing may be decided on such a log, so whoever reads it stops.
public final class BrokenLog extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    BrokenLog(String message) {
        super(message);
    }

    BrokenLog(String message, Throwable cause) {
        super(message, cause);
    }
}
