package io.ledgerway.domain.audit;

import io.ledgerway.domain.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who had an address at a moment, as far as the log is known.
///
/// @param time the moment that is answered for
/// @param perhaps holdings that began or ended so near to that moment that a clock may have put them on the wrong side
public record Whereabouts(IpAddress address, Instant time, Verdict verdict, List<Holding> perhaps) {

    public Whereabouts {
        perhaps = List.copyOf(perhaps);
    }

    public sealed interface Verdict {

        /// @param holdings more than one only in a conflict
        record Held(List<Holding> holdings) implements Verdict {
            public Held {
                holdings = List.copyOf(holdings);
            }
        }

        /// The address was on that ENI and the log gave it to no pod.
        record Free(Assignment assignment) implements Verdict {}

        record Unknown(String why) implements Verdict {}
    }

    /// @param holdings of the address: at least those that cover `time` or have an edge near it
    public static Whereabouts at(
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
        return new Whereabouts(address, time, verdict(address, time, covering, assignments, coverage), perhaps);
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
                : reach + "; by then " + covering.getFirst().namespace() + "/"
                        + covering.getFirst().podName() + " held it";
    }
}
