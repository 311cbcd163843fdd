package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;

/// In the log an address has one state: bound to the one endpoint that has it, or to none.
final class BoundMeansHeld extends Rule {

    BoundMeansHeld() {
        super(4, "an address is bound if and only if one endpoint has it");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (after.endpoints() == before.endpoints() && after.addresses() == before.addresses()) {
            return;
        }
        meet();
        int held = 0;
        for (var endpoint : after.endpoints().values()) {
            var allocation = Endpoint.allocation(endpoint);
            if (allocation.isPresent()) {
                for (var ip : allocation.get().addresses()) {
                    held++;
                    var expected = new Address.Bound(
                            allocation.get().eni(), endpoint.request().attachment());
                    require(
                            expected.equals(after.addresses().get(ip)),
                            () -> endpoint + " has " + ip + ", which is "
                                    + after.addresses().get(ip));
                }
            }
        }
        int bound = after.count(Address.Bound.class);
        int inUse = held;
        require(bound == inUse, () -> bound + " addresses are bound and " + inUse + " are held, after " + event);
    }
}
