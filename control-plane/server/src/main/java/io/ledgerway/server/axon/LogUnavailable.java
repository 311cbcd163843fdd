package io.ledgerway.server.axon;

/// A command was not confirmed, because its partition is not served here now. It may be sent again; if the
/// outcome is unknown, the first attempt may yet turn out to be in the log.
public final class LogUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int partition;
    private final Outcome outcome;

    public enum Outcome {
        /// The log has nothing of the command.
        NOT_APPENDED,
        /// The commit was under way when the writer stopped.
        UNKNOWN
    }

    LogUnavailable(int partition, Outcome outcome, String message, Throwable cause) {
        super("partition " + partition + " is not available: " + message, cause);
        this.partition = partition;
        this.outcome = outcome;
    }

    public int partition() {
        return partition;
    }

    public Outcome outcome() {
        return outcome;
    }
}
