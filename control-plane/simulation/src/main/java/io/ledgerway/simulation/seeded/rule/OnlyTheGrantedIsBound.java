package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;

/// The log grants what was free for it to grant at that very record.
final class OnlyTheGrantedIsBound extends Rule {

    OnlyTheGrantedIsBound() {
        super(5, "an address is granted only while it is idle");
    }

    @Override
    public void decided(NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> decision) {
        if (decision.events().stream().anyMatch(NodeEvent.IpAllocated.class::isInstance)) {
            var node = before;
            for (var event : decision.events()) {
                if (event instanceof NodeEvent.IpAllocated allocated && !requireIdle(node, allocated)) {
                    return;
                }
                node = node.evolve(event);
            }
        }
    }

    private boolean requireIdle(Node node, NodeEvent.IpAllocated allocated) {
        for (var ip : allocated.allocation().addresses()) {
            var address = node.addresses().get(ip);
            boolean isIdle = address instanceof Address.Idle;
            require(isIdle, () -> allocated + " while it was " + address);
            if (!isIdle) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void appending(ClusterLog.Entry entry, NodeEvent event, Node before) {
        if (event instanceof NodeEvent.IpAllocated allocated) {
            meet();
            requireIdle(before, allocated);
        }
    }
}
