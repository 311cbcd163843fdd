package io.ledgerway.node.calls;

import io.ledgerway.domain.node.PodRequest;
import java.util.Optional;

/// Rules 12 and 18: which pods may not be given an address while the log cannot be asked, because something that the
/// node does not know may give them another one, or other rules.
@FunctionalInterface
interface OfflinePolicy {

    /// No pod has a fixed address or an address of a network of its own yet, so any free address is right for each.
    OfflinePolicy EVERY_POD = request -> Optional.empty();

    /// Why the pod has to wait for the log; nothing if it need not.
    Optional<String> objection(PodRequest request);
}
