package io.ledgerway.node.calls;

/// A call did not succeed, and the message says what its caller can do.
public final class CallFailed extends Exception {

    private static final long serialVersionUID = 1L;

    public enum Reason {
        /// Nothing is wrong with the call: the runtime may repeat it.
        TRY_AGAIN,
        /// The log has no address for the pod.
        NO_ADDRESS,
        /// The log does not know this node, or knows it as another instance.
        NODE_NOT_ACCEPTED,
        /// CHECK of a pod that has no network here.
        NOT_CONNECTED
    }

    private final Reason reason;

    public CallFailed(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public CallFailed(Reason reason, String message) {
        this(reason, message, null);
    }

    public Reason reason() {
        return reason;
    }
}
