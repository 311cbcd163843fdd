package io.ledgerway.domain.node;

import java.util.List;

/// Whether a node's name stands for an instance that may hold addresses.
///
/// Transitions: Unknown -> Serving (registered); Serving -> Lost (evidence) -> Serving (returned, or replaced by
/// another instance); Lost, or Serving without a pod -> Retired -> Serving (another instance registers under the
/// name).
public sealed interface Standing {

    /// What each is called to people and machines.
    List<String> NAMES = List.of("unknown", "serving", "lost", "retired");

    /// One of [#NAMES].
    default String name() {
        return switch (this) {
            case Unknown s -> NAMES.get(0);
            case Serving s -> NAMES.get(1);
            case Lost s -> NAMES.get(2);
            case Retired s -> NAMES.get(3);
        };
    }

    record Unknown() implements Standing {}

    record Serving() implements Standing {}

    record Lost(LossEvidence evidence) implements Standing {}

    record Retired() implements Standing {}
}
