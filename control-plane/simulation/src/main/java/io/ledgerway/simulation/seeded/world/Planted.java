package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeDecider;
import io.ledgerway.domain.node.NodeEvent;
import java.time.Instant;
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
        var planted = new Events(right.times());
        for (int i = 0; i < right.events().size(); i++) {
            var event = right.events().get(i);
            switch (event) {
                case NodeEvent.IpRequestCancelled e when network.has(Bug.DEL_LEAVES_THE_QUEUE) -> {}
                case NodeEvent.WithdrawProposed e
                when network.has(Bug.WITHDRAWN_WITHOUT_CONFIRMATION) -> {
                    planted.add(i, e);
                    planted.add(i, new NodeEvent.AddressesWithdrawn(e.wish(), e.addresses()));
                }
                case NodeEvent.EndpointRemoved e
                when network.has(Bug.NO_COOL_DOWN) -> {
                    planted.add(i, e);
                    var held = before.endpoint(e.attachment()).flatMap(Endpoint::allocation);
                    held.ifPresent(
                            allocation -> planted.addLast(new NodeEvent.AddressesCooled(allocation.addresses())));
                }
                default -> planted.add(i, event);
            }
        }
        if (right.answer() instanceof NodeAnswer.Rejected rejected
                && command instanceof NodeCommand.AllocateIp allocate
                && right.events().isEmpty()
                && network.has(Bug.EVERY_REFUSAL_RECORDED)) {
            planted.addLast(new NodeEvent.IpRequestRejected(allocate.request(), rejected.rejection()));
        }
        return planted.events.equals(right.events())
                ? right
                : new Decision<>(List.copyOf(planted.events), List.copyOf(planted.times), right.answer());
    }

    /// Events with the times of those that they stand beside.
    private static final class Events {
        private final List<Instant> right;
        private final List<NodeEvent> events = new ArrayList<>();
        private final List<Instant> times = new ArrayList<>();

        Events(List<Instant> right) {
            this.right = right;
        }

        void add(int place, NodeEvent event) {
            events.add(event);
            if (!right.isEmpty()) {
                times.add(right.get(place));
            }
        }

        void addLast(NodeEvent event) {
            add(Math.max(0, right.size() - 1), event);
        }
    }
}
