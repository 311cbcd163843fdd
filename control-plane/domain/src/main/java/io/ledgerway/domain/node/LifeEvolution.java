package io.ledgerway.domain.node;

import io.ledgerway.domain.node.NodeEvent.NodeRegistered;
import io.ledgerway.domain.node.NodeEvent.NodeReplaced;
import io.ledgerway.domain.node.NodeEvent.NodeRetired;
import java.util.LinkedHashMap;
import java.util.Optional;

/// How a name passes from one instance to the next.
final class LifeEvolution {

    private LifeEvolution() {}

    static Node registered(Node node, NodeRegistered e) {
        if (!(node.standing() instanceof Standing.Unknown) && !(node.standing() instanceof Standing.Retired)) {
            throw NodeEvolution.impossible(node, e, "the node is registered already");
        }
        return new NodeChange(node)
                .standing(new Standing.Serving())
                .incarnation(e.incarnation(), e.boot())
                .executorRun("")
                .noJournal()
                .done();
    }

    static Node replaced(Node node, NodeReplaced e) {
        return withoutPods(node)
                .predecessor(e.before(), node.journal())
                .standing(new Standing.Serving())
                .incarnation(e.now(), e.boot())
                .executorRun("")
                .noJournal()
                .done();
    }

    static Node retired(Node node, NodeRetired e) {
        return withoutPods(node)
                .predecessor(e.incarnation(), node.journal())
                .standing(new Standing.Retired())
                .noJournal()
                .done();
    }

    /// Rule 8: the addresses stay on their ENIs, and nobody's, until the cloud shows the ENIs detached.
    private static NodeChange withoutPods(Node node) {
        var addresses = new LinkedHashMap<>(node.addresses());
        addresses.replaceAll((ip, address) -> switch (address) {
            case Address.Bound a -> new Address.Stranded(a.eni(), Optional.of(a.attachment()));
            case Address.Stranded a -> a;
            case Address.Arriving a -> new Address.Stranded(a.eni(), Optional.empty());
            case Address.Idle a -> new Address.Stranded(a.eni(), Optional.empty());
            case Address.Cooling a -> new Address.Stranded(a.eni(), Optional.empty());
            case Address.Withdrawing a -> new Address.Stranded(a.eni(), Optional.empty());
            case Address.Withdrawn a -> new Address.Stranded(a.eni(), Optional.empty());
        });
        return new NodeChange(node)
                .addresses(Node.frozen(addresses))
                .endpoints(Node.EMPTY.endpoints())
                .rejected(Node.EMPTY.rejected())
                .capacityUnknown()
                .growthBlock(Optional.empty());
    }
}
