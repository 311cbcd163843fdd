package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;

/// What comes for a pod that waits is bound in the append that brings it, and never idle.
final class QueueIsServedAtOnce extends Rule {

    QueueIsServedAtOnce() {
        super(4, "an address that comes while a pod waits is bound in the same append");
    }

    @Override
    public void decided(NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> decision) {
        boolean bringsAddresses =
                command instanceof NodeCommand.RecordCloudOutcome || command instanceof NodeCommand.EndCooling;
        // Of a lost node's addresses nobody knows whether they are still its own.
        if (!bringsAddresses || decision.events().isEmpty() || !waits(before) || !before.isServing()) {
            return;
        }
        var after = before;
        for (var event : decision.events()) {
            after = after.evolve(event);
        }
        if (!waits(after)) {
            meet();
            return;
        }
        for (var entry : after.addresses().entrySet()) {
            var was = before.addresses().get(entry.getKey());
            boolean isFresh = entry.getValue() instanceof Address.Idle
                    && !(was instanceof Address.Idle)
                    && !(was instanceof Address.Withdrawing);
            require(
                    !isFresh,
                    () -> entry.getKey() + " is idle and a pod waits, after " + command + " left " + decision.events());
        }
    }

    private static boolean waits(Node node) {
        return node.endpoints().values().stream().anyMatch(Endpoint.Queued.class::isInstance);
    }
}
