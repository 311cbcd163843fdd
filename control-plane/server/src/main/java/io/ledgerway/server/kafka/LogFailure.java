package io.ledgerway.server.kafka;

/// Why a partition's writer has stopped for good. Kafka's own exceptions are classified here, once.
///
/// @param cause what Kafka or the code said; kept for the stack trace
public record LogFailure(Kind kind, String message, Throwable cause) {

    public enum Kind {
        /// Another owner has taken the partition over.
        FENCED,
        /// Kafka could not be reached, or did not answer in time.
        UNREACHABLE,
        /// The records that are in the log are not what this code can read or write.
        BROKEN,
        /// It was closed on purpose.
        CLOSED
    }

    public static LogFailure closed(String why) {
        return new LogFailure(Kind.CLOSED, why, null);
    }

    @Override
    public String toString() {
        return kind + ": " + message;
    }
}
