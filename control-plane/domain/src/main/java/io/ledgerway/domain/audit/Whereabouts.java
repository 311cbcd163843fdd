package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who had an address at a moment, as far as the log is known.
///
/// @param time the moment that is answered for
/// @param perhaps holdings that began or ended so near to that moment that a clock may have put them on the wrong side
/// @param doubt why more may have happened than the log knows
public record Whereabouts(
        IpAddress address, Instant time, Verdict verdict, List<Holding> perhaps, Optional<Doubt> doubt) {

    public Whereabouts {
        perhaps = List.copyOf(perhaps);
    }

    public sealed interface Verdict {

        /// @param holdings more than one only in a conflict, or where a clock was set back
        record Held(List<Holding> holdings) implements Verdict {
            public Held {
                holdings = List.copyOf(holdings);
            }
        }

        /// The address was on that ENI and the log gave it to no pod.
        record Free(Assignment assignment) implements Verdict {}

        record Unknown(String why) implements Verdict {}
    }

    public sealed interface Doubt {

        /// Rule 25: what the node did on its own at that moment is lost; held means held as far as known.
        record Lost(Gap gap) implements Doubt {}

        /// The node has not told anything from then on yet; what it does on its own it tells later.
        record NotToldYet(NodeName node, Instant word) implements Doubt {}

        /// By the order of the log the holdings followed each other, by their times they did not.
        record ClockSetBack() implements Doubt {}
    }

    public static Whereabouts of(Journal journal, Coverage coverage, IpAddress address, Instant time) {
        // Without overlaps the first few by their ends are enough; with them any holding may cover the moment.
        var holdings = journal.conflictsOf(address).isEmpty()
                ? journal.holdingsEndingAfter(address, time.minus(Clocks.UNCERTAINTY))
                : journal.holdingsOf(address);
        var assignments = journal.assignmentsOf(address);
        var answer = at(address, time, holdings, assignments, coverage, Clocks.UNCERTAINTY);
        return assignments.stream()
                .filter(assignment -> assignment.covers(time))
                .findFirst()
                .map(assignment -> answer.doubted(
                        assignment, journal.gapsOf(assignment.node()), journal.contactOf(assignment.node())))
                .orElse(answer);
    }

    /// @param holdings of the address: at least those that cover `time` or have an edge near it
    static Whereabouts at(
            IpAddress address,
            Instant time,
            List<Holding> holdings,
            List<Assignment> assignments,
            Coverage coverage,
            Duration uncertainty) {
        var covering = holdings.stream().filter(holding -> holding.covers(time)).toList();
        var perhaps = holdings.stream()
                .filter(holding -> !holding.covers(time) && holding.hasEdgeNear(time, uncertainty))
                .toList();
        return new Whereabouts(
                address,
                time,
                verdict(address, time, covering, assignments, coverage),
                perhaps,
                followedEachOther(covering) ? Optional.of(new Doubt.ClockSetBack()) : Optional.empty());
    }

    private static boolean followedEachOther(List<Holding> covering) {
        return covering.size() > 1 && Conflict.among(covering).isEmpty();
    }

    private Whereabouts doubted(Assignment assignment, List<Gap> gaps, Optional<Contact> contact) {
        var gap = gaps.stream()
                .filter(each -> each.covers(time, Optional.of(assignment.eni())))
                .findFirst();
        if (gap.isPresent()) {
            var known = verdict instanceof Verdict.Free ? new Verdict.Unknown(missing(gap.get())) : verdict;
            return new Whereabouts(address, time, known, perhaps, Optional.of(new Doubt.Lost(gap.get())));
        }
        // Of an ENI of an instance before, everything that its gap leaves open is known.
        var behind = contact.filter(known -> !known.voice().isEmpty())
                .filter(known -> time.isAfter(known.word()) && !known.isOfFormer(assignment.begun()));
        return doubt.isPresent() || behind.isEmpty()
                ? this
                : new Whereabouts(
                        address,
                        time,
                        verdict,
                        perhaps,
                        Optional.of(new Doubt.NotToldYet(
                                assignment.node(), behind.get().word())));
    }

    private static String missing(Gap gap) {
        var what = switch (gap.cause()) {
            case JOURNAL_LOST -> "lost the journal of what it did on its own";
            case ENTRIES_MISSING -> "lost entries of the journal of what it did on its own";
            case INSTANCE_REPLACED -> "was replaced before it could tell what it did on its own";
            case INSTANCE_RETIRED -> "was retired, and may not have told all that it did on its own";
        };
        return "node " + gap.node() + " " + what + " from " + gap.from()
                + gap.to().map(to -> " to " + to).orElse(" on");
    }

    private static Verdict verdict(
            IpAddress address, Instant time, List<Holding> covering, List<Assignment> assignments, Coverage coverage) {
        var knownUntil = coverage.knownUntil();
        boolean known = knownUntil.isPresent() && !time.isAfter(knownUntil.get());
        // What has ended by the log is settled, however little is known of what came later.
        if (!covering.isEmpty() && (known || covering.stream().noneMatch(Holding::isOpen))) {
            return new Verdict.Held(covering);
        }
        if (!known) {
            return new Verdict.Unknown(unread(knownUntil, covering));
        }
        return assignments.stream()
                .filter(assignment -> assignment.covers(time))
                .findFirst()
                .<Verdict>map(Verdict.Free::new)
                .orElseGet(() -> new Verdict.Unknown(
                        assignments.isEmpty()
                                ? "the log has never heard of " + address
                                : address + " was on no ENI of this cluster at that time, so the log does not speak"
                                        + " of it"));
    }

    private static String unread(Optional<Instant> knownUntil, List<Holding> covering) {
        var reach = knownUntil
                .map(until -> "the projection knows the log up to " + until + " only")
                .orElse("the projection has not read every partition of the log yet");
        return covering.isEmpty()
                ? reach
                : reach + "; by then " + covering.getFirst().pod() + " held it";
    }
}
