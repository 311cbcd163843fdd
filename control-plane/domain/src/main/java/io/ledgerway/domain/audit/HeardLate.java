package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeEvent.NodeLost;
import io.ledgerway.domain.node.NodeEvent.NodeReplaced;
import io.ledgerway.domain.node.NodeEvent.NodeRetired;
import io.ledgerway.domain.node.NodeEvent.NodeReturned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An overlap of what was known, and not of who held an address: one holder's instance was released, the cloud gave its
/// address to another ENI, and the log heard of the release last. Meanwhile it may have granted the address on the
/// released instance again, so that this one's holding may be the later of the two.
///
/// @param conflict what it is by the log's own order and times
/// @param released the record that began the holding of which the instance was released: one of the conflict's two
/// @param gone by when the instance was gone
/// @param told the record that says so
public record HeardLate(Conflict conflict, Position released, Instant gone, Position told) {

    private static final String NODES = "node/";

    /// How the event begins that says of an instance that ECS does not know it any more.
    private static final String GONE =
            Json.text(Json.object("evidence", LossEvidence.Kind.INSTANCE_GONE)).replaceAll("}$", "");

    /// Conflicts that the log explains, and those that it does not, which stay conflicts.
    ///
    /// @param conflicts without evidence that one of the holders was gone
    public record Sorted(List<Conflict> conflicts, List<HeardLate> heardLate) {}

    public static Sorted sort(Journal journal, List<Conflict> all) {
        var conflicts = new ArrayList<Conflict>();
        var heardLate = new ArrayList<HeardLate>();
        all.forEach(conflict -> of(journal, conflict).ifPresentOrElse(heardLate::add, () -> conflicts.add(conflict)));
        return new Sorted(conflicts, heardLate);
    }

    private static Optional<HeardLate> of(Journal journal, Conflict conflict) {
        var holdings = journal.holdingsOf(conflict.address());
        var first = begunAt(holdings, conflict.first());
        var second = begunAt(holdings, conflict.second());
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        return of(journal, conflict, first.get(), second.get())
                .or(() -> of(journal, conflict, second.get(), first.get()));
    }

    /// Empty unless the log shows all of it: the cloud had put the address on the other's ENI, the node of `released`
    /// said nothing from then on, and its instance was found to be gone.
    private static Optional<HeardLate> of(Journal journal, Conflict conflict, Holding released, Holding other) {
        if (!endsWithItsEni(released) || released.eni().equals(other.eni())) {
            return Optional.empty();
        }
        var assignments = journal.assignmentsOf(conflict.address());
        return assignments.stream()
                .filter(assignment -> assignment.eni().equals(other.eni()) && assignment.covers(other.from()))
                .findFirst()
                .filter(moved -> cameBefore(assignments, released.eni(), moved.from()))
                .flatMap(moved -> gone(journal, released, moved.from()))
                .map(entry -> new HeardLate(conflict, released.begun(), entry.validFrom(), entry.position()));
    }

    /// Otherwise it is the other ENI that the cloud took the address from.
    private static boolean cameBefore(List<Assignment> assignments, EniId eni, Instant moved) {
        return assignments.stream()
                .filter(assignment -> assignment.eni().equals(eni))
                .allMatch(assignment -> assignment.from().isBefore(moved));
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
        if (life.isEmpty()
                || life.getFirst().position().compareTo(holding.begun()) > 0
                || life.getFirst().recordedAt().isAfter(moved)) {
            // It is longer than what is at hand, and what is left out may be another instance's beginning, or a word.
            return Optional.empty();
        }
        Optional<JournalEntry> gone = Optional.empty();
        boolean wasHeard = false;
        for (var entry : life) {
            boolean isEarlier = entry.position().compareTo(holding.begun()) <= 0;
            if (entry.is(NodeReplaced.class, NodeRetired.class)) {
                if (!isEarlier) {
                    break;
                }
                wasHeard = false;
            }
            boolean isWord =
                    entry.actor().startsWith(NODES) && entry.validFrom().isAfter(moved);
            wasHeard |= isWord || (entry.is(NodeReturned.class) && !isEarlier);
            if (gone.isEmpty()
                    && !isEarlier
                    && entry.is(NodeLost.class)
                    && entry.event().startsWith(GONE)) {
                gone = Optional.of(entry);
            }
        }
        return wasHeard ? Optional.empty() : gone;
    }
}
