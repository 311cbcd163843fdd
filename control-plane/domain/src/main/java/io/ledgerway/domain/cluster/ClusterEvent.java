package io.ledgerway.domain.cluster;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Stream;

/// What happened to the cluster as a whole.
public sealed interface ClusterEvent extends DomainEvent {

    /// @param partitions how many the log has, for ever
    record ClusterCreated(ClusterId cluster, int partitions) implements ClusterEvent {}

    /// From here on everything about `stream` is found in `partition`; recorded, so that no hash function decides it.
    record StreamPlaced(Stream stream, int partition) implements ClusterEvent {}
}
