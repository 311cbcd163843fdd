package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
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
        var asked = asked(network, command, before);
        if (!asked.equals(command)) {
            return NodeDecider.decide(before, asked);
        }
        var planted = new Events(right.times());
        for (int i = 0; i < right.events().size(); i++) {
            var event = right.events().get(i);
            switch (event) {
                case NodeEvent.IpAllocated e
                when network.has(Bug.QUEUE_IS_NOT_SERVED) && command instanceof NodeCommand.RecordCloudOutcome -> {}
                case NodeEvent.EniDetachIntended e
                when network.has(Bug.DETACHED_WHEN_ASKED) -> {
                    planted.add(i, e);
                    planted.add(
                            i,
                            new NodeEvent.EniDetached(
                                    e.intent().id(), e.intent().eni()));
                }
                case NodeEvent.NodeLost e
                when network.has(Bug.LOSS_FREES) -> {
                    planted.add(i, e);
                    int place = i;
                    removed(before, command).forEach(end -> planted.add(place, end));
                }
                case NodeEvent.IpReleased e
                when network.has(Bug.REMOVED_AT_DEL) -> {
                    planted.add(i, e);
                    planted.add(
                            i,
                            new NodeEvent.EndpointRemoved(
                                    e.attachment(),
                                    e.sandbox(),
                                    command.header().at()));
                }
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

    /// What is decided in place of what was asked.
    private static NodeCommand asked(Network network, NodeCommand command, Node before) {
        return switch (command) {
            case NodeCommand.ReleaseIp release
            when network.has(Bug.DEL_OF_ANY_SANDBOX) ->
                new NodeCommand.ReleaseIp(
                        release.header(),
                        release.incarnation(),
                        release.mark(),
                        release.attachment(),
                        before.endpoint(release.attachment())
                                .map(held -> held.request().sandbox())
                                .orElse(release.sandbox()));
            // Without a mark it is never late.
            case NodeCommand.AllocateIp late
            when network.has(Bug.LATE_COMMAND_IS_HEARD) ->
                new NodeCommand.AllocateIp(late.header(), late.incarnation(), late.request(), late.candidate());
            case NodeCommand.DrainJournal drain
            when network.has(Bug.DRAINED_BIND_IS_REFUSED) ->
                new NodeCommand.DrainJournal(
                        drain.header(),
                        drain.incarnation(),
                        drain.journal(),
                        drain.entries().stream()
                                .map(entry -> entry.fact() instanceof JournalFact.Bound
                                        ? new Journalled(
                                                entry.sequence(), entry.at(), new JournalFact.Cooled(List.of()))
                                        : entry)
                                .toList());
            default -> command;
        };
    }

    private static List<NodeEvent> removed(Node node, NodeCommand command) {
        return node.endpoints().values().stream()
                .filter(endpoint -> Endpoint.allocation(endpoint).isPresent())
                .<NodeEvent>map(endpoint -> new NodeEvent.EndpointRemoved(
                        endpoint.request().attachment(),
                        endpoint.request().sandbox(),
                        command.header().at()))
                .toList();
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
