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
        BEING_RELEASED,
        /// The command was sent before something that the log has heard from the node's journal by now.
        LATE_COMMAND,
        /// The instance was retired and its ENIs taken apart.
        NODE_RETIRED,
        /// A node that serves pods is not retired.
        NODE_IN_USE
    }

    @Override
    public String toString() {
        return reason + ": " + message;
    }
}
