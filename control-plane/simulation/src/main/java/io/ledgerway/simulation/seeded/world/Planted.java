package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeDecider;
import io.ledgerway.domain.node.NodeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Decisions as a decider would make them that lacks one rule.
final class Planted {

    private Planted() {}

    static Decision<NodeEvent, NodeAnswer> decision(
            Network network, NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> right) {
        if (network.hasNone()) {
            return right;
        }
        if (command instanceof NodeCommand.ReleaseIp release && network.has(Bug.DEL_OF_ANY_SANDBOX)) {
            var held = before.endpoint(release.attachment());
            if (held.isPresent()) {
                var asked = new NodeCommand.ReleaseIp(
                        release.header(),
                        release.incarnation(),
                        release.mark(),
                        release.attachment(),
                        held.get().request().sandbox());
                return NodeDecider.decide(before, asked);
            }
        }
        var events = new ArrayList<NodeEvent>();
        for (var event : right.events()) {
            switch (event) {
                case NodeEvent.IpRequestCancelled e when network.has(Bug.DEL_LEAVES_THE_QUEUE) -> {}
                case NodeEvent.WithdrawProposed e
                when network.has(Bug.WITHDRAWN_WITHOUT_CONFIRMATION) -> {
                    events.add(e);
                    events.add(new NodeEvent.AddressesWithdrawn(e.wish(), e.addresses()));
                }
                case NodeEvent.EndpointRemoved e
                when network.has(Bug.NO_COOL_DOWN) ->
                    events.add(new NodeEvent.EndpointRemoved(
                            e.attachment(), e.sandbox(), command.header().at().minus(Duration.ofHours(2))));
                default -> events.add(event);
            }
        }
        if (right.answer() instanceof NodeAnswer.Rejected rejected
                && command instanceof NodeCommand.AllocateIp allocate
                && right.events().isEmpty()
                && network.has(Bug.EVERY_REFUSAL_RECORDED)) {
            events.add(new NodeEvent.IpRequestRejected(allocate.request(), rejected.rejection()));
        }
        return events.equals(right.events()) ? right : new Decision<>(List.copyOf(events), right.answer());
    }
}
