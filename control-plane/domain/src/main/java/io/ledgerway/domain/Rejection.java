package io.ledgerway.domain;

/// An expected "no": the reason as a machine needs it, and a sentence for whoever has to act on it.
public record Rejection(Reason reason, String message) {

    public enum Reason {
        /// The node has not registered itself.
        NODE_NOT_REGISTERED,
        /// The caller belongs to another instance than the one the node's name stands for now.
        OTHER_INCARNATION,
        /// Every address that the instance type allows is taken, and none is on its way.
        NODE_FULL,
        /// The cloud refused to give more; the message says what it said.
        CLOUD_REFUSES,
        /// The pod's attachment is still being taken down.
        BEING_RELEASED
    }

    @Override
    public String toString() {
        return reason + ": " + message;
    }
}
