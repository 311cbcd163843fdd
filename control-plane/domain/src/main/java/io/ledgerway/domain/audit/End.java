package io.ledgerway.domain.audit;

import java.time.Instant;

/// How an interval ended: when, at which record, and why.
public record End(Instant at, Position position, Reason reason) {

    public enum Reason {
        /// The node reported that the kernel holds nothing of the endpoint any more.
        ENDPOINT_REMOVED,
        /// A new boot id proved that every endpoint of the boot before is gone.
        NODE_BOOTED,
        /// The ENI that held the address was deleted.
        ENI_DELETED
    }
}
