package io.ledgerway.domain.node;

/// Whether a node's name stands for an instance that may hold addresses.
///
/// Transitions: Unknown -> Serving (registered); Serving -> Lost (evidence) -> Serving (returned, or replaced by
/// another
/// instance); Lost, or Serving without a pod -> Retired -> Serving (another instance registers under the name).
public sealed interface Standing {

    record Unknown() implements Standing {}

    record Serving() implements Standing {}

    record Lost(LossEvidence evidence) implements Standing {}

    record Retired() implements Standing {}
}
