package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Node;

/// A node as everything up to `position` makes it, and nothing behind it.
public record CommittedNode(NodeName name, Node state, LogPosition position) {}
