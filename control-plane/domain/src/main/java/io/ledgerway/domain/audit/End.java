package io.ledgerway.domain.audit;

import java.time.Instant;

/// How an interval ended: when, at which record, and why.
///
/// @param told when the log heard of it
public record End(Instant at, Position position, Instant told, Reason reason) {

    /// The same end, known to have been there by `time`.
    End notAfter(Instant time) {
        return new End(time.isBefore(at) ? time : at, position, told, reason);
    }

    public enum Reason {
        /// The node reported that the kernel holds nothing of the endpoint any more.
        ENDPOINT_REMOVED,
        /// A new boot id proved that every endpoint of the boot before is gone.
        NODE_BOOTED,
        /// The ENI that held the address was deleted.
        ENI_DELETED,
        /// The ENI that held the address was detached from the instance, which therefore cannot use it any more.
        ENI_DETACHED,
        /// The address was unassigned from its ENI.
        UNASSIGNED,
        /// The node had bound another address for the pod than the log had given it.
        ALLOCATION_REPLACED,
        /// The pod never had it: the node, which had not heard of the grant, had bound it for another.
        ALLOCATION_REVOKED
    }
}
