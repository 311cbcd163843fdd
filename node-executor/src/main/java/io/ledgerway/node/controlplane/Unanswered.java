package io.ledgerway.node.controlplane;

/// A call has no answer that may be believed. The log may have decided it nevertheless.
public final class Unanswered extends Exception {

    private static final long serialVersionUID = 1L;

    public enum Kind {
        /// Nobody there, or not in time: it is worth trying again, or elsewhere.
        AWAY,
        /// Somebody who knows us does not let us in: a certificate is wrong, or a call is.
        REFUSED,
        /// An owner answered whose epoch is over.
        DEPOSED
    }

    private final Kind kind;

    public Unanswered(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Unanswered(Kind kind, String message) {
        this(kind, message, null);
    }

    public Kind kind() {
        return kind;
    }
}
