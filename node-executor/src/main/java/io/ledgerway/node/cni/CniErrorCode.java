package io.ledgerway.node.cni;

/// Codes below 100 are those of the specification, the others are ours.
public enum CniErrorCode {
    INCOMPATIBLE_VERSION(1),
    INVALID_ENVIRONMENT(4),
    IO_FAILURE(5),
    DECODING_FAILURE(6),
    INVALID_CONFIGURATION(7),
    TRY_AGAIN_LATER(11),
    NOT_AVAILABLE(50),
    /// A bug of ours.
    INTERNAL(100),
    /// The interface name is taken by something that is not ours.
    NAME_TAKEN(101),
    /// The kernel said no; nothing of the attempt is left.
    KERNEL_REFUSED(102),
    /// CHECK found something else than ADD had made.
    NOT_AS_ADDED(103),
    /// The log has no address for the pod.
    NO_ADDRESS(104),
    /// The log does not know this node, or knows it as another instance.
    NODE_NOT_ACCEPTED(105);

    private final int number;

    CniErrorCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
