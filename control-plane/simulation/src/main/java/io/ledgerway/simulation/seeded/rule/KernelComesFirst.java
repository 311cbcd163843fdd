package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import java.util.HashSet;
import java.util.Set;

/// After a disk was lost nothing is granted to the node under its new journal before the log knows its kernel.
final class KernelComesFirst extends Rule {

    private final Set<JournalId> lost = new HashSet<>();
    private final Set<JournalId> compared = new HashSet<>();

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
                c.mark().ifPresent(mark -> {
                    lost.remove(mark.journal());
                    compared.add(mark.journal());
                });
            case NodeCommand.AllocateIp c ->
                require(
                        c.candidate().isEmpty()
                                || c.mark()
                                        .filter(mark -> lost.contains(mark.journal()))
                                        .isEmpty()
                                || decision.answer() instanceof NodeAnswer.Rejected,
                        () -> command + " proposes an address before the kernel was compared");
            default -> {}
        }
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
