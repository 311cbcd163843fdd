package io.ledgerway.node.endpoint;

import java.util.List;

/// What a restart found and did.
///
/// @param healthy nothing differed
/// @param repaired with what differed before
/// @param failed could not be repaired, and why; the usual case is a pod whose namespace is gone
/// @param undesired in use in the kernel, but not desired by anyone: to be adopted or removed by the caller
/// @param swept leftovers of ours that were deleted
public record Recovery(
        List<EndpointKey> healthy,
        List<Repaired> repaired,
        List<Failed> failed,
        List<KernelInventory.Found> undesired,
        List<String> swept) {
    public record Repaired(EndpointKey key, List<Difference> differences) {}

    public record Failed(EndpointKey key, EndpointException why) {}
}
