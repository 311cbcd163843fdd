package io.ledgerway.domain;

/// What a partition's own stream says of its writers.
public sealed interface OwnershipEvent extends DomainEvent {

    /// A replica has fenced its predecessor, has read the partition to its end, and serves from here on.
    ///
    /// @param epoch one more than the epoch before, beginning at 1; a node refuses lower ones
    /// @param address where the node API of this replica answers, `host:port`
    record OwnerStarted(int partition, long epoch, String address) implements OwnershipEvent {}
}
