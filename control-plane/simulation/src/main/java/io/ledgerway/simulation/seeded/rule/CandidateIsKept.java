package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.server.run.Commands.Reply;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// An ADD whose proposal had no answer and that goes on without the log binds what it had proposed, as long as that
/// can be bound.
final class CandidateIsKept extends Rule {

    /// A call of such age is not on its way any more.
    private static final Duration LONGEST_DOUBT = Duration.ofMinutes(2);

    private record Doubt(PodRequest request, IpAddress candidate, long sinceNanos) {}

    private final Map<Process, Map<AttachmentId, Doubt>> doubts = new HashMap<>();

    CandidateIsKept() {
        super(11, "an ADD whose call had no answer keeps its candidate");
    }

    @Override
    public void unanswered(Process executor, NodeCommand command) {
        if (command instanceof NodeCommand.AllocateIp asked && asked.candidate().isPresent()) {
            doubts.computeIfAbsent(executor, known -> new HashMap<>())
                    .putIfAbsent(
                            asked.request().attachment(),
                            new Doubt(
                                    asked.request(),
                                    asked.candidate().get().addresses().getFirst(),
                                    world().scheduler().now()));
        }
    }

    @Override
    public void answered(Process executor, NodeCommand command, Reply reply) {
        switch (command) {
            case NodeCommand.AllocateIp c ->
                doubts.getOrDefault(executor, new HashMap<>())
                        .remove(c.request().attachment());
            case NodeCommand.ReleaseIp c ->
                doubts.getOrDefault(executor, new HashMap<>()).remove(c.attachment());
            default -> {}
        }
    }

    @Override
    public void linkBegan(Host host, Links.Link link) {
        var own = host.process()
                .map(executor -> doubts.getOrDefault(executor, Map.of()))
                .orElse(Map.of());
        own.values().stream()
                .filter(doubt -> doubt.request().sandbox().value().equals(link.sandbox()))
                .findFirst()
                .ifPresent(doubt -> compare(host, link, doubt));
    }

    private void compare(Host host, Links.Link link, Doubt doubt) {
        var age = Duration.ofNanos(world().scheduler().now() - doubt.sinceNanos());
        if (age.compareTo(LONGEST_DOUBT) > 0) {
            return;
        }
        meet();
        var given = link.addresses().getFirst().getHostAddress();
        var node = world().log().node(host.name());
        var attachment = doubt.request().attachment();
        boolean isTheLogs = node.endpoint(attachment)
                .flatMap(Endpoint::allocation)
                .filter(held -> held.addresses().contains(new IpAddress(given)))
                .isPresent();
        require(
                given.equals(doubt.candidate().value())
                        || isTheLogs
                        || !mayBeBound(Optional.ofNullable(node.addresses().get(doubt.candidate())), attachment),
                () -> link + " of " + host + " was proposed " + doubt.candidate() + ", which is "
                        + node.addresses().get(doubt.candidate()));
    }

    private static boolean mayBeBound(Optional<Address> address, AttachmentId by) {
        return switch (address.orElse(null)) {
            case null -> false;
            case Address.Idle a -> true;
            case Address.Withdrawing a -> true;
            case Address.Bound a -> a.attachment().equals(by);
            case Address.Arriving a -> false;
            case Address.Cooling a -> false;
            case Address.Withdrawn a -> false;
            case Address.Stranded a -> false;
        };
    }
}
