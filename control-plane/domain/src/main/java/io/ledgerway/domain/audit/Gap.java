package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.NodeName;
import java.time.Instant;
import java.util.Optional;

/// A time of which nobody can say what a node did on its own.
///
/// @param eni where only that ENI is in doubt; empty if all that the node had are
/// @param from the node's last word before it
/// @param told the record that shows that something is missing
/// @param to empty while it lasts
public record Gap(NodeName node, Optional<EniId> eni, Instant from, Position told, Cause cause, Optional<Instant> to) {

    public enum Cause {
        /// The node has another journal than before; what the old one held and nobody had heard is lost.
        JOURNAL_LOST,
        /// Entries in the middle of the journal are missing.
        ENTRIES_MISSING,
        /// Another instance has the name; what this one did on its own is not known, until its ENIs are off it.
        INSTANCE_REPLACED,
        /// The instance was retired; what it did on its own is not known, until its ENIs are off it.
        INSTANCE_RETIRED
    }

    boolean covers(Instant time, Optional<EniId> of) {
        return !time.isBefore(from) && to.map(time::isBefore).orElse(true) && (eni.isEmpty() || eni.equals(of));
    }

    Gap ended(Instant at) {
        return new Gap(node, eni, from, told, cause, Optional.of(at));
    }
}
