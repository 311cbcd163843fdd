package io.ledgerway.domain.audit;

import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeEvent.NodeLost;
import io.ledgerway.domain.node.NodeEvent.NodeReplaced;
import io.ledgerway.domain.node.NodeEvent.NodeRetired;
import io.ledgerway.domain.node.NodeEvent.NodeReturned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An overlap of what was known, and not of who held an address: the earlier holder's instance was released, the cloud
/// gave its address to another ENI, and the log heard of the release last.
///
/// @param conflict what it is by the log's own order and times
/// @param gone by when the instance was gone
/// @param told the record that says so
public record HeardLate(Conflict conflict, Instant gone, Position told) {

    private static final String NODES = "node/";

    /// How the event begins that says of an instance that ECS does not know it any more.
    private static final String GONE =
            Json.text(Json.object("evidence", LossEvidence.Kind.INSTANCE_GONE)).replaceAll("}$", "");

    /// Conflicts that the log explains, and those that it does not, which stay conflicts.
    ///
    /// @param conflicts without evidence that the earlier holder was gone
    public record Sorted(List<Conflict> conflicts, List<HeardLate> heardLate) {}

    public static Sorted sort(Journal journal, List<Conflict> all) {
        var conflicts = new ArrayList<Conflict>();
        var heardLate = new ArrayList<HeardLate>();
        all.forEach(conflict -> of(journal, conflict).ifPresentOrElse(heardLate::add, () -> conflicts.add(conflict)));
        return new Sorted(conflicts, heardLate);
    }

    /// Empty unless the log shows all of it: the cloud had put the address on another ENI, the earlier holder's node
    /// said nothing from then on, and its instance was found to be gone.
    static Optional<HeardLate> of(Journal journal, Conflict conflict) {
        var holdings = journal.holdingsOf(conflict.address());
        var first = begunAt(holdings, conflict.first());
        var second = begunAt(holdings, conflict.second());
        if (first.isEmpty() || second.isEmpty() || !endsWithItsEni(first.get())) {
            return Optional.empty();
        }
        return journal.assignmentsOf(conflict.address()).stream()
                .filter(assignment -> assignment.eni().equals(second.get().eni())
                        && !assignment.eni().equals(first.get().eni())
                        && assignment.covers(second.get().from()))
                .findFirst()
                .flatMap(moved -> gone(journal, first.get(), moved.from()))
                .map(entry -> new HeardLate(conflict, entry.validFrom(), entry.position()));
    }

    private static Optional<Holding> begunAt(List<Holding> holdings, Position position) {
        return holdings.stream()
                .filter(holding -> holding.begun().equals(position))
                .findFirst();
    }

    /// Nothing else has ended it: not its node's word, which would show that it was held until then.
    private static boolean endsWithItsEni(Holding holding) {
        return holding.end()
                .map(End::reason)
                .map(reason -> reason == End.Reason.ENI_DETACHED || reason == End.Reason.ENI_DELETED)
                .orElse(true);
    }

    /// The record that shows that the instance that `holding` was on is gone.
    ///
    /// @param moved when the cloud gave the address to another ENI
    private static Optional<JournalEntry> gone(Journal journal, Holding holding, Instant moved) {
        var life = journal.ofNode(holding.node());
        if (life.isEmpty() || life.getFirst().position().compareTo(holding.begun()) > 0) {
            // It is longer than what is at hand, and what is left out may be another instance's beginning.
            return Optional.empty();
        }
        Optional<JournalEntry> gone = Optional.empty();
        for (var entry : life) {
            if (entry.position().compareTo(holding.begun()) <= 0) {
                continue;
            }
            if (entry.is(NodeReplaced.class, NodeRetired.class)) {
                break;
            }
            boolean isWord =
                    entry.actor().startsWith(NODES) && entry.validFrom().isAfter(moved);
            if (isWord || entry.is(NodeReturned.class)) {
                return Optional.empty();
            }
            if (gone.isEmpty() && entry.is(NodeLost.class) && entry.event().startsWith(GONE)) {
                gone = Optional.of(entry);
            }
        }
        return gone;
    }
}
