package io.ledgerway.domain.node;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.node.NodeCommand.ReportStrayAddresses;
import io.ledgerway.domain.node.NodeCommand.ReportStrayEni;
import io.ledgerway.domain.node.NodeEvent.StrayAddressesFound;
import io.ledgerway.domain.node.NodeEvent.StrayEniFound;
import java.util.LinkedHashMap;
import java.util.List;

/// What the cloud has of ours and the log does not: it is put on the record, and goes back by an intent like anything
/// else.
final class Strays {

    private Strays() {}

    static Decision<NodeEvent, NodeAnswer> found(Draft draft, ReportStrayEni c) {
        var node = draft.node();
        if (node.incarnation().isEmpty()) {
            return draft.answer(
                    new NodeAnswer.Rejected(new Rejection(Reason.NODE_NOT_REGISTERED, "there is no node " + c.node())));
        }
        // Whoever has seen it may have read the log earlier than this.
        boolean isStray = !node.enis().containsKey(c.eni())
                && c.madeFor().filter(node.intents()::containsKey).isEmpty();
        if (isStray) {
            draft.add(new StrayEniFound(c.eni(), c.mac(), c.vSwitch(), c.primary(), c.madeFor()));
            Pool.settle(draft);
        }
        return NodeDecider.done(draft);
    }

    static Decision<NodeEvent, NodeAnswer> found(Draft draft, ReportStrayAddresses c) {
        var node = draft.node();
        var eni = node.enis().get(c.eni());
        if (eni == null || !eni.isAttached() || Pool.isBusy(node, c.eni())) {
            return NodeDecider.done(draft);
        }
        List<IpAddress> strays = c.addresses().stream()
                .filter(ip -> !node.addresses().containsKey(ip) && !ip.equals(eni.primary()))
                .toList();
        if (!strays.isEmpty()) {
            draft.add(new StrayAddressesFound(c.eni(), strays));
            Pool.settle(draft);
        }
        return NodeDecider.done(draft);
    }

    static Node evolve(Node node, StrayEniFound e) {
        if (node.enis().containsKey(e.eni())) {
            throw NodeEvolution.impossible(node, e, "the ENI is on the node");
        }
        return new NodeChange(node)
                .eni(new Eni(e.eni(), e.mac(), e.vSwitch(), e.primary(), new Eni.Available()))
                .done();
    }

    static Node evolve(Node node, StrayAddressesFound e) {
        CloudEvolution.eni(node, e.eni(), e);
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : e.addresses()) {
            if (addresses.put(ip, new Address.Withdrawn(e.eni())) != null) {
                throw NodeEvolution.impossible(node, e, ip + " is on the node already");
            }
        }
        return new NodeChange(node).addresses(Node.frozen(addresses)).done();
    }
}
