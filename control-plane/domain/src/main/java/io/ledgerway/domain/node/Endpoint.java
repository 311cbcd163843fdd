package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.IntentId;
import java.util.Optional;

/// An attachment as the log sees it.
///
/// Transitions: (none) -> Queued -> Allocated, (none) -> Allocated; Queued -> (none) when cancelled; Allocated ->
/// Ready; Allocated or Ready -> Releasing -> (none) when removed, or (none) at once when the kernel turns out to
/// hold nothing; Allocated -> Queued when revoked; Allocated, Ready, Queued -> itself in another sandbox.
public sealed interface Endpoint {

    PodRequest request();

    /// @param waitsFor the refill that will serve it; none while the node's capacity is not known, or an address only
    /// cools
    record Queued(PodRequest request, Optional<IntentId> waitsFor) implements Endpoint {}

    /// The address is the pod's; the node has not said that the kernel is ready.
    record Allocated(PodRequest request, Allocation allocation) implements Endpoint {}

    /// @param hostInterface the link on the node's side
    record Ready(PodRequest request, Allocation allocation, String hostInterface) implements Endpoint {}

    /// DEL has come; the address stays the pod's until the node knows that the endpoint is gone.
    record Releasing(PodRequest request, Allocation allocation) implements Endpoint {}

    /// What the endpoint holds; nothing while it waits.
    static Optional<Allocation> allocation(Endpoint endpoint) {
        return switch (endpoint) {
            case Queued queued -> Optional.empty();
            case Allocated allocated -> Optional.of(allocated.allocation());
            case Ready ready -> Optional.of(ready.allocation());
            case Releasing releasing -> Optional.of(releasing.allocation());
        };
    }
}
