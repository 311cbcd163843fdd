package io.ledgerway.domain.node;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel;
import io.ledgerway.domain.node.NodeEvent.AllocationReplaced;
import io.ledgerway.domain.node.NodeEvent.EndpointAdopted;
import io.ledgerway.domain.node.NodeEvent.EndpointReady;
import io.ledgerway.domain.node.NodeEvent.EndpointUnexplained;
import io.ledgerway.domain.node.NodeEvent.IpRequestCancelled;
import io.ledgerway.domain.node.NodeEvent.SandboxReplaced;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Rule 20: a node that has lost its disk says what its kernel holds. What is missing there ends first, so
/// that what is there can be taken over.
final class Reconciliation {

    private Reconciliation() {}

    static Decision<NodeEvent, NodeAnswer> reconcile(Draft draft, ReconcileKernel c) {
        for (var missing : c.missing()) {
            draft.node()
                    .endpoint(missing.attachment())
                    .filter(endpoint -> endpoint.request().sandbox().equals(missing.sandbox()))
                    .ifPresent(endpoint -> end(draft, endpoint));
        }
        adoptAll(draft, c.present());
        LostJournal.compared(draft);
        Pool.settle(draft);
        return NodeDecider.done(draft);
    }

    /// Who waited did so in a run of the executor that is over; its DEL may have been lost with the disk.
    private static void end(Draft draft, Endpoint endpoint) {
        if (Endpoint.allocation(endpoint).isPresent()) {
            NodeDecider.remove(draft, endpoint);
        } else {
            draft.add(new IpRequestCancelled(
                    endpoint.request().attachment(), endpoint.request().sandbox()));
        }
    }

    /// One may hold in the kernel what the log gave to another that moves on only when it is adopted itself.
    private static void adoptAll(Draft draft, List<ReconcileKernel.Present> present) {
        var left = new LinkedHashMap<ReconcileKernel.Present, String>();
        present.forEach(each -> left.put(each, ""));
        int before;
        do {
            before = left.size();
            for (var each : List.copyOf(left.keySet())) {
                adopt(draft, each).ifPresentOrElse(obstacle -> left.put(each, obstacle), () -> left.remove(each));
            }
        } while (!left.isEmpty() && left.size() < before);
        left.forEach((each, obstacle) ->
                draft.add(new EndpointUnexplained(inItsSandbox(draft.node(), each), each.allocation(), obstacle)));
    }

    private static PodRequest inItsSandbox(Node node, ReconcileKernel.Present present) {
        return node.endpoint(present.request().attachment())
                .map(Endpoint::request)
                .map(before -> before.inSandbox(present.request().sandbox()))
                .orElse(present.request());
    }

    /// @return why it cannot be
    private static Optional<String> adopt(Draft draft, ReconcileKernel.Present present) {
        var attachment = present.request().attachment();
        var known = draft.node().endpoint(attachment);
        var held = known.flatMap(Endpoint::allocation);
        var request = inItsSandbox(draft.node(), present);
        var told = Grants.asKnown(draft.node(), present.allocation());
        if (held.equals(Optional.of(told))) {
            sameAddress(draft, known.get(), present);
            return Optional.empty();
        }
        Grants.endBefore(draft, request);
        var obstacle = Grants.makeRoom(draft, attachment, told);
        if (obstacle.isPresent()) {
            return obstacle;
        }
        if (held.isPresent() && draft.node().endpoint(attachment).isPresent()) {
            draft.add(new AllocationReplaced(
                    request, held.get(), draft.at().plus(NodeDecider.coolDown(draft.node())), told));
            draft.add(new EndpointReady(attachment, request.sandbox(), present.hostInterface()));
        } else {
            draft.add(new EndpointAdopted(request, told, present.hostInterface()));
        }
        return Optional.empty();
    }

    private static void sameAddress(Draft draft, Endpoint known, ReconcileKernel.Present present) {
        var attachment = present.request().attachment();
        var sandbox = present.request().sandbox();
        if (known instanceof Endpoint.Releasing) {
            return;
        }
        if (!known.request().sandbox().equals(sandbox)) {
            draft.add(new SandboxReplaced(attachment, known.request().sandbox(), sandbox));
        }
        if (draft.node().endpoint(attachment).orElse(null) instanceof Endpoint.Allocated) {
            draft.add(new EndpointReady(attachment, sandbox, present.hostInterface()));
        }
    }
}
