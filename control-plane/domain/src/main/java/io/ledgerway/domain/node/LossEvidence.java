package io.ledgerway.domain.node;

/// Why a node is taken to be lost.
///
/// @param detail what was seen, or who said it
public record LossEvidence(Kind kind, String detail) {

    public enum Kind {
        /// ECS shows the instance stopped.
        INSTANCE_STOPPED,
        /// ECS knows no such instance any more.
        INSTANCE_GONE,
        /// The cluster has deleted its Node object.
        NODE_DELETED,
        /// An operator says so.
        OPERATOR
    }
}
