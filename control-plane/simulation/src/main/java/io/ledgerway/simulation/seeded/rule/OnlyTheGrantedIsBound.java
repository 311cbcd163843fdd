package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;

/// The log grants what was free for it to grant at that very record.
final class OnlyTheGrantedIsBound extends Rule {

    OnlyTheGrantedIsBound() {
        super(5, "an address is granted only while it is idle");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (event instanceof NodeEvent.IpAllocated allocated) {
            for (var ip : allocated.allocation().addresses()) {
                meet();
                require(
                        before.addresses().get(ip) instanceof Address.Idle,
                        () -> allocated + " while it was " + before.addresses().get(ip));
            }
        }
    }
}
