package io.ledgerway.domain.audit;

import io.ledgerway.domain.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Two pods held one address at the same time: what must never be.
///
/// @param first the record that began the earlier holding
/// @param second the record that began the later one
/// @param since when the second began
public record Conflict(IpAddress address, Position first, Position second, Instant since) {

    /// Within a partition the order of the log decides. Between partitions only times can be compared, so an overlap
    /// that the clocks' uncertainty explains is none.
    public static Optional<Conflict> between(Holding one, Holding other) {
        if (!one.address().equals(other.address()) || one.begun().equals(other.begun())) {
            return Optional.empty();
        }
        var first = beganFirst(one, other) ? one : other;
        var second = first == one ? other : one;
        boolean overlap = one.begun().partition() == other.begun().partition()
                ? first.end()
                        .map(end -> end.position().sequence() > second.begun().sequence())
                        .orElse(true)
                : overlapInTime(first, second, Clocks.UNCERTAINTY);
        return overlap
                ? Optional.of(new Conflict(one.address(), first.begun(), second.begun(), second.from()))
                : Optional.empty();
    }

    /// All conflicts of a complete history, by comparing every pair.
    public static List<Conflict> among(Collection<Holding> history) {
        var byAddress = new LinkedHashMap<IpAddress, List<Holding>>();
        history.forEach(holding -> byAddress
                .computeIfAbsent(holding.address(), address -> new ArrayList<>())
                .add(holding));
        var found = new ArrayList<Conflict>();
        for (var holdings : byAddress.values()) {
            for (int i = 0; i < holdings.size(); i++) {
                for (int j = i + 1; j < holdings.size(); j++) {
                    between(holdings.get(i), holdings.get(j)).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static boolean beganFirst(Holding one, Holding other) {
        if (one.begun().partition() == other.begun().partition() || one.from().equals(other.from())) {
            return one.begun().compareTo(other.begun()) < 0;
        }
        return one.from().isBefore(other.from());
    }

    private static boolean overlapInTime(Holding first, Holding second, Duration uncertainty) {
        return endsAfter(first, second.from().plus(uncertainty))
                && endsAfter(second, first.from().plus(uncertainty));
    }

    private static boolean endsAfter(Holding holding, Instant time) {
        return holding.end().map(end -> end.at().isAfter(time)).orElse(true);
    }
}
