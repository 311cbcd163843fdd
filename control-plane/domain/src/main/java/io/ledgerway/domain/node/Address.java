package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.WishId;
import java.time.Instant;
import java.util.Optional;

/// An address that ECS has assigned to one of the node's ENIs.
///
/// Transitions: Arriving -> Idle (ENI attached); Idle -> Bound (allocated) -> Cooling (endpoint known to be gone)
/// -> Idle (cooled); Idle -> Cooling (held back after the loss of a journal); Arriving -> Idle (its guard is over and
/// the ENI still holds it); Idle -> Withdrawing ->
/// Withdrawn -> gone (unassigned, or its ENI deleted); Withdrawing -> Idle (cancelled); any -> Stranded (replaced
/// or retired) -> Arriving (detached) -> gone (deleted). What serves a queued request goes straight to Bound.
public sealed interface Address {

    EniId eni();

    /// What people and machines call the state.
    default String name() {
        return switch (this) {
            case Arriving a -> "arriving";
            case Idle a -> "idle";
            case Bound a -> "bound";
            case Cooling a -> "cooling";
            case Withdrawing a -> "withdrawing";
            case Withdrawn a -> "withdrawn";
            case Stranded a -> "stranded";
        };
    }

    /// The node cannot use it yet: its ENI is not attached, or a late call could still take it away from the ENI.
    record Arriving(EniId eni) implements Address {}

    /// Granted: the node may bind it.
    record Idle(EniId eni) implements Address {}

    record Bound(EniId eni, AttachmentId attachment) implements Address {}

    /// Held back, so that what still flows to the pod before does not reach the next one.
    record Cooling(EniId eni, Instant until) implements Address {}

    /// The log wishes it back and the node has not confirmed yet, so it may still bind it, which ends the wish.
    record Withdrawing(EniId eni, WishId wish) implements Address {}

    /// The node has confirmed that it will not bind it; the cloud is to take it back.
    record Withdrawn(EniId eni) implements Address {}

    /// On an ENI of an instance that is replaced or retired; it ends when the cloud shows the ENI detached.
    ///
    /// @param attachment who held it last, where somebody did
    record Stranded(EniId eni, Optional<AttachmentId> attachment) implements Address {}
}
