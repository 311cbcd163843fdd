package io.ledgerway.node.endpoint;

/// An endpoint could not be made, checked or removed. The reason says what the caller can do about it.
public final class EndpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public enum Reason {
        /// The path of the network namespace is wrong: another one must be given.
        NETNS_INVALID,
        /// The ENI is not on this node (yet): try again later.
        ENI_MISSING,
        /// The interface name is taken in the pod by something that is not ours.
        NAME_TAKEN,
        /// The driver cannot connect what was allocated.
        UNSUPPORTED,
        /// The kernel refused; what was made is undone as far as it let us.
        KERNEL_REFUSED,
        /// Queues are full, or an answer did not come in time: try again later.
        BUSY
    }

    private final Reason reason;

    public EndpointException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static EndpointException unsupported(String message) {
        return new EndpointException(Reason.UNSUPPORTED, message, null);
    }

    public Reason reason() {
        return reason;
    }
}
