package io.ledgerway.node.allocation;

import io.ledgerway.domain.node.AttachmentId;
import java.util.Optional;

/// What keeps an address from others while the log is asked for it.
///
/// Transitions: none -> Proposed (an ADD asks the log, or writes the journal) -> none (rejected, or settled otherwise),
/// Granted (until the state shows it), Refused (until the state shows why) or Doubtful (no answer came). Doubtful ->
/// Proposed (the same attachment asks again, or binds it alone) or none (the state shows what became of it, or DEL, or
/// the longest doubt is over).
sealed interface Claim {

    record Proposed(AttachmentId by) implements Claim {}

    record Doubtful(AttachmentId by, long sinceNanos) implements Claim {}

    record Granted(Position at) implements Claim {}

    record Refused(Position at) implements Claim {}

    /// Whose candidate it is.
    default Optional<AttachmentId> candidateOf() {
        return switch (this) {
            case Proposed proposed -> Optional.of(proposed.by());
            case Doubtful doubtful -> Optional.of(doubtful.by());
            case Granted granted -> Optional.empty();
            case Refused refused -> Optional.empty();
        };
    }
}
