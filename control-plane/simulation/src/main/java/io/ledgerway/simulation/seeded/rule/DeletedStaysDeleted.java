package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulation.seeded.world.Host;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// After the answer to a DEL no command that was under way brings its sandbox back.
final class DeletedStaysDeleted extends Rule {

    /// Where the DEL was answered, and on which of the machine's disks.
    private record Answered(Host host, int disk) {}

    private record Begun(AttachmentId attachment, SandboxId sandbox) {}

    private final Map<SandboxId, Answered> deleted = new HashMap<>();

    DeletedStaysDeleted() {
        super(15, "a late command does not bring back what was deleted");
    }

    @Override
    public void deleted(Host host, AttachmentId attachment, SandboxId sandbox) {
        meet();
        deleted.put(sandbox, new Answered(host, host.disk().exchanged()));
        require(
                world().told().isOver(host, attachment, sandbox),
                () -> "the DEL of " + sandbox + " was answered on " + host + ", the log has "
                        + world().log().node(host.name()).endpoint(attachment) + " and the disk nothing");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        var begun = switch (event) {
            case NodeEvent.IpAllocated e ->
                Optional.of(new Begun(e.request().attachment(), e.request().sandbox()));
            case NodeEvent.IpRequestQueued e ->
                Optional.of(new Begun(e.request().attachment(), e.request().sandbox()));
            case NodeEvent.SandboxReplaced e -> Optional.of(new Begun(e.attachment(), e.now()));
            default -> Optional.<Begun>empty();
        };
        // A drained entry tells what was before the DEL.
        boolean isLate = !(entry.command().orElse(null) instanceof NodeCommand.DrainJournal);
        require(
                begun.filter(pod -> deleted.containsKey(pod.sandbox())).isEmpty()
                        || !isLate
                        || wasThere(before, begun.get().sandbox())
                        || onlyALostDiskKnew(begun.get().sandbox())
                        || world().hosts().stream().anyMatch(host -> isToldNext(host, begun.get())),
                () -> event + " comes after the DEL was answered, by " + entry.command());
    }

    /// The log has not heard the journal's entries yet, and does so before anything else (rule 16): they end the
    /// sandbox, or have the pod in the one after it.
    private boolean isToldNext(Host host, Begun pod) {
        return world().told().isJournalled(host, pod.sandbox())
                || world().told().goesOnElsewhere(host, pod.attachment(), pod.sandbox());
    }

    /// The DEL was in no log, and its disk is gone: exchanged, or with a machine whose name another has.
    /// The log has not heard of the next journal or instance yet; what it takes until then ends with the
    /// comparison, or with the instance.
    private boolean onlyALostDiskKnew(SandboxId sandbox) {
        var answered = deleted.get(sandbox);
        boolean isLost = answered.host().disk().exchanged() != answered.disk()
                || !world().hosts().contains(answered.host());
        return isLost && world().log().entries().stream().noneMatch(entry -> ends(entry.event(), sandbox));
    }

    private static boolean ends(DomainEvent event, SandboxId sandbox) {
        return switch (event) {
            case NodeEvent.IpReleased e -> e.sandbox().equals(sandbox);
            case NodeEvent.IpRequestCancelled e -> e.sandbox().equals(sandbox);
            case NodeEvent.EndpointRemoved e -> e.sandbox().equals(sandbox);
            case NodeEvent.IpRequestAbandoned e -> e.request().sandbox().equals(sandbox);
            case NodeEvent.SandboxReplaced e -> e.before().equals(sandbox);
            case NodeEvent.JournalEntryKept e ->
                e.entry().fact() instanceof JournalFact.Released released
                        && released.sandbox().equals(sandbox);
            default -> false;
        };
    }

    private static boolean wasThere(Node before, SandboxId sandbox) {
        return before.endpoints().values().stream()
                .map(Endpoint::request)
                .anyMatch(request -> request.sandbox().equals(sandbox));
    }
}
