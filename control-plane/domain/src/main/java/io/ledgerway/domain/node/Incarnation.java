package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;

/// One life of a node: a name can be given to another instance, and that one inherits no address.
public record Incarnation(ClusterId cluster, NodeName node, InstanceId instance) {}
