package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// After a disk was lost the node gets no address under its new journal, and none of its pods a link, before the log
/// knows its kernel.
final class KernelComesFirst extends Rule {

    private final Set<JournalId> lost = new HashSet<>();
    private final Set<JournalId> compared = new HashSet<>();

    /// Which of its disks each machine had when the log heard of its kernel.
    private final Map<Host, Integer> comparedDisks = new HashMap<>();

    KernelComesFirst() {
        super(20, "after the loss of a disk the kernel is told before any address is proposed");
    }

    @Override
    public void decided(NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> decision) {
        for (var event : decision.events()) {
            if (event instanceof NodeEvent.JournalLost journal) {
                meet();
                if (!compared.contains(journal.now())) {
                    lost.add(journal.now());
                }
            }
        }
        switch (command) {
            case NodeCommand.ReconcileKernel c ->
                c.mark()
                        .filter(mark -> decision.answer() instanceof NodeAnswer.Done)
                        .ifPresent(mark -> {
                            lost.remove(mark.journal());
                            compared.add(mark.journal());
                            world().machines()
                                    .of(c.incarnation())
                                    .ifPresent(host ->
                                            comparedDisks.put(host, host.disk().exchanged()));
                        });
            case NodeCommand.AllocateIp c ->
                require(
                        c.mark().filter(mark -> lost.contains(mark.journal())).isEmpty()
                                || decision.answer() instanceof NodeAnswer.Rejected,
                        () -> command + " asks for an address before the kernel was compared");
            default -> {}
        }
    }

    @Override
    public void linkBegan(Host host, Links.Link link) {
        require(
                host.disk().exchanged() == comparedDisks.getOrDefault(host, 0),
                () -> host + " has another disk, and " + link + " begins before its kernel was compared");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (entry.command().orElse(null) instanceof NodeCommand.ReconcileKernel compared
                && event instanceof NodeEvent.EndpointRemoved removed) {
            world().machines()
                    .of(compared.incarnation())
                    .ifPresent(host -> host.links()
                            .living()
                            .forEach(link -> require(
                                    !link.sandbox().equals(removed.sandbox().value()),
                                    () -> host + " has told that " + removed + ", and has " + link)));
        }
    }
}
