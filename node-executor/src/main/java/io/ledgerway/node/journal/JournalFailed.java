package io.ledgerway.node.journal;

/// An entry is not in the journal, and nothing of it will be: what it was to say must not be done.
public final class JournalFailed extends Exception {

    private static final long serialVersionUID = 1L;

    public JournalFailed(String message, Throwable cause) {
        super(message, cause);
    }

    public JournalFailed(String message) {
        super(message);
    }
}
