package io.ledgerway.domain.node;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel;
import io.ledgerway.domain.node.NodeEvent.AllocationReplaced;
import io.ledgerway.domain.node.NodeEvent.EndpointAdopted;
import io.ledgerway.domain.node.NodeEvent.EndpointReady;
import io.ledgerway.domain.node.NodeEvent.EndpointUnexplained;
import io.ledgerway.domain.node.NodeEvent.SandboxReplaced;
import java.util.Optional;

/// Rule 20: a node that has lost its disk says what its kernel holds. What is missing there ends first, so that what is
/// there can be taken over.
final class Reconciliation {

    private Reconciliation() {}

    static Decision<NodeEvent, NodeAnswer> reconcile(Draft draft, ReconcileKernel c) {
        for (var missing : c.missing()) {
            draft.node()
                    .endpoint(missing.attachment())
                    .filter(endpoint -> endpoint.request().sandbox().equals(missing.sandbox()))
                    .filter(endpoint -> Endpoint.allocation(endpoint).isPresent())
                    .ifPresent(endpoint -> NodeDecider.remove(draft, endpoint));
        }
        c.present().forEach(present -> adopt(draft, present));
        Pool.settle(draft);
        return NodeDecider.done(draft);
    }

    private static void adopt(Draft draft, ReconcileKernel.Present present) {
        var attachment = present.request().attachment();
        var known = draft.node().endpoint(attachment);
        var held = known.flatMap(Endpoint::allocation);
        var request = known.map(Endpoint::request)
                .map(before -> before.inSandbox(present.request().sandbox()))
                .orElse(present.request());
        if (held.equals(Optional.of(present.allocation()))) {
            sameAddress(draft, known.get(), present);
            return;
        }
        Grants.endBefore(draft, request);
        var obstacle = Grants.makeRoom(draft, attachment, present.allocation());
        if (obstacle.isPresent()) {
            draft.add(new EndpointUnexplained(request, present.allocation(), obstacle.get()));
        } else if (held.isPresent() && draft.node().endpoint(attachment).isPresent()) {
            draft.add(new AllocationReplaced(
                    request, held.get(), draft.at().plus(NodeDecider.coolDown(draft.node())), present.allocation()));
            draft.add(new EndpointReady(attachment, request.sandbox(), present.hostInterface()));
        } else {
            draft.add(new EndpointAdopted(request, present.allocation(), present.hostInterface()));
        }
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
