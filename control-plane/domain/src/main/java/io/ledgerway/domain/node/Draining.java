package io.ledgerway.domain.node;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.node.NodeCommand.DrainJournal;
import io.ledgerway.domain.node.NodeEvent.AddressesCooled;
import io.ledgerway.domain.node.NodeEvent.AddressesWithdrawn;
import io.ledgerway.domain.node.NodeEvent.EndpointReady;
import io.ledgerway.domain.node.NodeEvent.IpAllocated;
import io.ledgerway.domain.node.NodeEvent.IpReleased;
import io.ledgerway.domain.node.NodeEvent.IpRequestAbandoned;
import io.ledgerway.domain.node.NodeEvent.IpRequestCancelled;
import io.ledgerway.domain.node.NodeEvent.JournalDrained;
import io.ledgerway.domain.node.NodeEvent.JournalEntryKept;
import io.ledgerway.domain.node.NodeEvent.JournalLost;
import io.ledgerway.domain.node.NodeEvent.JournalStarted;
import io.ledgerway.domain.node.NodeEvent.NodeBooted;
import io.ledgerway.domain.node.NodeEvent.SandboxReplaced;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Rules 15 to 17: what a node did on its own is laid over the fold, entry by entry, each with its own
/// time. The log never refuses an entry; one that contradicts what it knows is kept as history.
final class Draining {

    private Draining() {}

    static Decision<NodeEvent, NodeAnswer> drain(Draft draft, DrainJournal c) {
        // Of an instance that had the name before, or was retired, the journal is history.
        var past = draft.node().predecessors().get(c.incarnation());
        boolean ofNow = past == null;
        var heard = ofNow ? draft.node().journal() : past;
        if (heard.isPresent() && !heard.get().journal().equals(c.journal())) {
            return draft.answer(new NodeAnswer.Rejected(new Rejection(
                    Reason.LATE_COMMAND,
                    "journal " + c.journal() + " is over, node " + c.node() + " keeps journal "
                            + heard.get().journal())));
        }
        if (ofNow && heard.isEmpty()) {
            draft.add(new JournalStarted(c.journal()));
        }
        long through = heard.map(JournalMark::sequence).orElse(0L);
        long before = through;
        for (var entry : c.entries()) {
            if (entry.sequence() <= through) {
                continue;
            }
            draft.validFrom(entry.at());
            boolean isBehindHole = entry.sequence() != through + 1;
            if (isBehindHole && ofNow) {
                LostJournal.record(draft, c.journal(), c.journal());
            } else if (isBehindHole) {
                draft.add(new JournalLost(c.journal(), c.journal()));
            }
            if (ofNow) {
                lay(draft, c, entry);
            } else {
                keep(draft, c, entry, "instance " + c.incarnation().instance() + " does not have the node's name now");
            }
            through = entry.sequence();
        }
        draft.validFrom(c.header().at());
        if (through > before) {
            draft.add(new JournalDrained(c.journal(), through));
            Pool.settle(draft);
        }
        return draft.answer(new NodeAnswer.Drained(through));
    }

    private static void lay(Draft draft, DrainJournal c, Journalled entry) {
        var trouble = switch (entry.fact()) {
            case JournalFact.Booted fact -> booted(draft, fact);
            case JournalFact.Bound fact -> bound(draft, fact);
            case JournalFact.Ready fact -> ready(draft, fact);
            case JournalFact.Released fact -> released(draft, fact);
            case JournalFact.Removed fact -> removed(draft, fact);
            case JournalFact.Cooled fact -> cooled(draft, fact);
            case JournalFact.Abandoned fact -> abandoned(draft, fact);
            case JournalFact.WithdrawalConfirmed fact -> confirmed(draft, fact);
        };
        trouble.ifPresent(why -> keep(draft, c, entry, why));
    }

    private static void keep(Draft draft, DrainJournal c, Journalled entry, String why) {
        draft.add(new JournalEntryKept(c.incarnation(), c.journal(), entry, why));
    }

    /// Rule 2. The registration has told the boot already, but not what was bound before it.
    private static Optional<String> booted(Draft draft, JournalFact.Booted fact) {
        var node = draft.node();
        if (!node.boot().equals(Optional.of(fact.boot())) || !node.endpoints().isEmpty()) {
            draft.add(new NodeBooted(fact.boot(), draft.at().plus(NodeDecider.coolDown(node))));
        }
        return Optional.empty();
    }

    private static Optional<String> bound(Draft draft, JournalFact.Bound fact) {
        var request = fact.request();
        var told = Grants.asKnown(draft.node(), fact.allocation());
        var known = draft.node().endpoint(request.attachment()).orElse(null);
        var held = known == null || known instanceof Endpoint.Releasing
                ? Optional.<Allocation>empty()
                : Endpoint.allocation(known);
        if (held.equals(Optional.of(told))) {
            if (!known.request().sandbox().equals(request.sandbox())) {
                draft.add(new SandboxReplaced(
                        request.attachment(), known.request().sandbox(), request.sandbox()));
            }
            return Optional.empty();
        }
        Grants.endBefore(draft, request);
        var obstacle = Grants.makeRoom(draft, request.attachment(), told);
        if (obstacle.isPresent()) {
            return obstacle;
        }
        if (held.isPresent()) {
            Grants.replace(draft, request, held.get(), told);
        } else {
            draft.add(new IpAllocated(request, told));
        }
        return Optional.empty();
    }

    private static Optional<String> ready(Draft draft, JournalFact.Ready fact) {
        var endpoint = inSandbox(draft.node(), fact.attachment(), fact.sandbox());
        if (endpoint.orElse(null) instanceof Endpoint.Allocated) {
            draft.add(new EndpointReady(fact.attachment(), fact.sandbox(), fact.hostInterface()));
        }
        return notThere(endpoint);
    }

    private static Optional<String> released(Draft draft, JournalFact.Released fact) {
        var endpoint = inSandbox(draft.node(), fact.attachment(), fact.sandbox());
        switch (endpoint.orElse(null)) {
            case null -> {}
            case Endpoint.Queued e -> draft.add(new IpRequestCancelled(fact.attachment(), fact.sandbox()));
            case Endpoint.Allocated e -> draft.add(new IpReleased(fact.attachment(), fact.sandbox()));
            case Endpoint.Ready e -> draft.add(new IpReleased(fact.attachment(), fact.sandbox()));
            case Endpoint.Releasing e -> {}
        }
        return notThere(endpoint);
    }

    private static Optional<String> removed(Draft draft, JournalFact.Removed fact) {
        var endpoint = inSandbox(draft.node(), fact.attachment(), fact.sandbox());
        endpoint.flatMap(Endpoint::allocation).ifPresent(held -> {
            NodeDecider.remove(draft, endpoint.get());
            draft.nodeKnows(held.addresses());
        });
        return notThere(endpoint);
    }

    private static Optional<String> cooled(Draft draft, JournalFact.Cooled fact) {
        List<IpAddress> cooling = fact.addresses().stream()
                .filter(ip -> draft.node().addresses().get(ip) instanceof Address.Cooling)
                .toList();
        draft.nodeKnows(fact.addresses());
        if (!cooling.isEmpty()) {
            draft.add(new AddressesCooled(cooling));
        }
        return Optional.empty();
    }

    /// Rule 10. What the log gave to the request meanwhile was never built, and nobody will ask for its end; the node
    /// says when its kernel holds nothing of it.
    private static Optional<String> abandoned(Draft draft, JournalFact.Abandoned fact) {
        draft.add(new IpRequestAbandoned(fact.request(), fact.why()));
        var given = inSandbox(
                draft.node(), fact.request().attachment(), fact.request().sandbox());
        if (given.orElse(null) instanceof Endpoint.Allocated allocated) {
            draft.add(new IpReleased(
                    allocated.request().attachment(), allocated.request().sandbox()));
        }
        return Optional.empty();
    }

    /// Rule 7: only the wish that the node has confirmed is fulfilled; a later one is asked for again.
    private static Optional<String> confirmed(Draft draft, JournalFact.WithdrawalConfirmed fact) {
        var given = new ArrayList<IpAddress>();
        for (var ip : fact.addresses()) {
            if (draft.node().addresses().get(ip) instanceof Address.Withdrawing wished
                    && wished.wish().equals(fact.wish())) {
                given.add(ip);
            }
        }
        if (!given.isEmpty()) {
            draft.add(new AddressesWithdrawn(fact.wish(), given));
        }
        return Optional.empty();
    }

    private static Optional<Endpoint> inSandbox(Node node, AttachmentId attachment, SandboxId sandbox) {
        return node.endpoint(attachment)
                .filter(endpoint -> endpoint.request().sandbox().equals(sandbox));
    }

    private static Optional<String> notThere(Optional<Endpoint> endpoint) {
        return endpoint.isPresent() ? Optional.empty() : Optional.of("the log has no such endpoint in that sandbox");
    }
}
