package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;

/// That a node is lost is a word; what it holds ends when the cloud shows that its ENIs have left it.
final class LossFreesNothing extends Rule {

    LossFreesNothing() {
        super(24, "the word that a node is lost frees nothing");
    }

    @Override
    public void decided(NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> decision) {
        if (command instanceof NodeCommand.DeclareNodeLost) {
            decision.events()
                    .forEach(event ->
                            require(event instanceof NodeEvent.NodeLost, () -> command + " has done more: " + event));
        }
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (event instanceof NodeEvent.NodeLost || event instanceof NodeEvent.NodeReturned) {
            meet();
            require(
                    after.addresses().equals(before.addresses())
                            && after.endpoints().equals(before.endpoints()),
                    () -> event + " moved something: " + before.addresses() + " are " + after.addresses());
        }
    }
}
