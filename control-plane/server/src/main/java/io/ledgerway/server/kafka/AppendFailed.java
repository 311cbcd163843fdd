package io.ledgerway.server.kafka;

/// An append was not confirmed, because its partition's writer has stopped.
public final class AppendFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient LogFailure failure;
    private final boolean outcomeKnown;

    public AppendFailed(LogFailure failure, boolean outcomeKnown) {
        super(failure.message(), failure.cause());
        this.failure = failure;
        this.outcomeKnown = outcomeKnown;
    }

    public LogFailure failure() {
        return failure;
    }

    /// Whether it is certain that the log has not got it. If not, only reading the log again can tell.
    public boolean outcomeKnown() {
        return outcomeKnown;
    }
}
