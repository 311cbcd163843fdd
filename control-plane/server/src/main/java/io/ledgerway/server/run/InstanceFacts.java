package io.ledgerway.server.run;

import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCapacity;
import io.ledgerway.server.run.Cloud.InstanceSeen;

/// What a look at an instance teaches about its node.
final class InstanceFacts {

    private InstanceFacts() {}

    /// Whether the log would learn from it. A vSwitch that the cloud does not have teaches nothing, however often it is
    /// looked for.
    static boolean teach(Node known, InstanceSeen seen) {
        return known.capacity().isEmpty()
                || seen.vSwitches().stream()
                        .anyMatch(vSwitch -> !known.vSwitches().containsKey(vSwitch.id()));
    }

    /// @param before the node before the look
    /// @param after the node after the look: an ENI of ours may have come or gone in between
    static NodeCapacity capacity(InstanceSeen seen, Node before, Node after) {
        int notOurs = 0;
        for (var eni : seen.attached()) {
            if (!before.enis().containsKey(eni) && !after.enis().containsKey(eni)) {
                notOurs++;
            }
        }
        return new NodeCapacity(
                seen.instanceType(), seen.zone(), seen.eniQuantity(), seen.ipv4PerEni(), seen.ipv6PerEni(), notOurs);
    }
}
