package io.ledgerway.domain.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How much of the log an answer rests on. What lies behind it is not known, and never called free.
public record Coverage(List<Part> parts) {

    public Coverage {
        parts = List.copyOf(parts);
    }

    /// One partition's share.
    ///
    /// @param next the sequence behind the last record that the answer knows
    /// @param knownUntil everything that the log had accepted by then is in the answer; empty while nothing is
    /// @param behindAtMost how many records the log may have beyond `next`; empty while the log cannot be asked
    public record Part(int partition, long next, Optional<Instant> knownUntil, Optional<Long> behindAtMost) {

        public boolean isCaughtUp() {
            return behindAtMost.equals(Optional.of(0L));
        }
    }

    /// The moment up to which every partition is known; empty if one is not known at all.
    public Optional<Instant> knownUntil() {
        if (parts.isEmpty() || parts.stream().anyMatch(part -> part.knownUntil().isEmpty())) {
            return Optional.empty();
        }
        return parts.stream().map(part -> part.knownUntil().get()).min(Instant::compareTo);
    }

    public boolean isCaughtUp() {
        return !parts.isEmpty() && parts.stream().allMatch(Part::isCaughtUp);
    }
}
