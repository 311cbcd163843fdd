package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulation.seeded.world.Host;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// After the answer to a DEL no command that was under way brings its sandbox back.
final class DeletedStaysDeleted extends Rule {

    private final Set<SandboxId> deleted = new HashSet<>();

    DeletedStaysDeleted() {
        super(15, "a late command does not bring back what was deleted");
    }

    @Override
    public void deleted(Host host, AttachmentId attachment, SandboxId sandbox) {
        meet();
        deleted.add(sandbox);
        require(
                world().told().isOver(host, attachment, sandbox),
                () -> "the DEL of " + sandbox + " was answered on " + host + ", the log has "
                        + world().log().node(host.name()).endpoint(attachment) + " and the disk nothing");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        var begun = switch (event) {
            case NodeEvent.IpAllocated e -> Optional.of(e.request().sandbox());
            case NodeEvent.IpRequestQueued e -> Optional.of(e.request().sandbox());
            case NodeEvent.SandboxReplaced e -> Optional.of(e.now());
            default -> Optional.<SandboxId>empty();
        };
        // A drained entry tells what was before the DEL.
        boolean isLate = !(entry.command().orElse(null) instanceof NodeCommand.DrainJournal);
        require(
                begun.filter(deleted::contains).isEmpty()
                        || !isLate
                        || wasThere(before, begun.get())
                        || world().hosts().stream()
                                .anyMatch(host -> world().told().isJournalled(host, begun.get())),
                () -> event + " comes after the DEL was answered, by " + entry.command());
    }

    private static boolean wasThere(Node before, SandboxId sandbox) {
        return before.endpoints().values().stream()
                .map(Endpoint::request)
                .anyMatch(request -> request.sandbox().equals(sandbox));
    }
}
