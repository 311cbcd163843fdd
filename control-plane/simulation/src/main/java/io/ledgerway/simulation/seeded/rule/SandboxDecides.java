package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;

/// A retry in the same sandbox leaves no event, a new sandbox one, and a DEL frees only what its own
/// sandbox holds.
final class SandboxDecides extends Rule {

    SandboxDecides() {
        super(3, "a retried ADD leaves no event, and a DEL frees only what its sandbox holds");
    }

    @Override
    public void decided(NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> decision) {
        switch (command) {
            case NodeCommand.AllocateIp c -> {
                var known = before.endpoint(c.request().attachment()).orElse(null);
                boolean isHeld = known instanceof Endpoint.Allocated || known instanceof Endpoint.Ready;
                if (isHeld && known.request().sandbox().equals(c.request().sandbox())) {
                    meet();
                    require(decision.events().isEmpty(), () -> "a retry left " + decision.events());
                }
            }
            case NodeCommand.ReleaseIp c -> {
                var known = before.endpoint(c.attachment());
                if (known.isPresent() && !known.get().request().sandbox().equals(c.sandbox())) {
                    meet();
                    require(
                            decision.events().isEmpty(),
                            () -> command + " left " + decision.events() + " of " + known.get());
                }
            }
            default -> {}
        }
    }
}
