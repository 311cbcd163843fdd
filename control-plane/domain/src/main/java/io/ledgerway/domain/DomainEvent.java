package io.ledgerway.domain;

import io.ledgerway.domain.cluster.ClusterEvent;
import io.ledgerway.domain.node.NodeEvent;

/// Whatever the log may hold. Adding a family breaks every switch that must know of it.
public sealed interface DomainEvent permits NodeEvent, ClusterEvent, OwnershipEvent {}
