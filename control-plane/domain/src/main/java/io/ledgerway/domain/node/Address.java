package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.EniId;
import java.time.Instant;

/// An address that ECS has assigned to one of the node's ENIs.
///
/// Transitions: Arriving -> Idle (ENI attached); Idle -> Bound (allocated) -> Cooling (endpoint known to be gone) ->
/// Idle
/// (cooled); Idle -> Withdrawing -> gone (unassigned), or back to Idle. What serves a queued request goes straight to
/// Bound.
public sealed interface Address {

    EniId eni();

    /// Assigned to an ENI that the node cannot use yet.
    record Arriving(EniId eni) implements Address {}

    /// Granted: the node may bind it.
    record Idle(EniId eni) implements Address {}

    record Bound(EniId eni, AttachmentId attachment) implements Address {}

    /// Held back, so that what still flows to the pod before does not reach the next one.
    record Cooling(EniId eni, Instant until) implements Address {}

    /// The log wishes it back; the node has not confirmed yet.
    record Withdrawing(EniId eni) implements Address {}
}
