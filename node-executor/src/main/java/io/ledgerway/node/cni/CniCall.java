package io.ledgerway.node.cni;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A call that has been understood: everything its verb needs is there and well-formed.
public sealed interface CniCall {
    NetworkConfiguration network();

    /// Which attachment of which container; several calls about one attachment come one after the other.
    record Attachment(PodIdentity pod, String containerId, String interfaceName) {}

    /// `deadlineNanos` is on the clock of `System.nanoTime`: later than that nobody waits for the answer.
    record Add(NetworkConfiguration network, Attachment attachment, String netns, long deadlineNanos)
            implements CniCall {
        public Duration remaining() {
            return Duration.ofNanos(deadlineNanos - System.nanoTime());
        }
    }

    /// The namespace may be missing or gone: deleting does not need it.
    record Delete(NetworkConfiguration network, Attachment attachment, Optional<String> netns) implements CniCall {}

    record Check(NetworkConfiguration network, Attachment attachment, String netns, Map<?, ?> previousResult)
            implements CniCall {}

    record Status(NetworkConfiguration network) implements CniCall {}

    record ValidAttachment(String containerId, String interfaceName) {}

    /// What is not in the list exists no more, says the runtime.
    record GarbageCollection(NetworkConfiguration network, List<ValidAttachment> valid) implements CniCall {}
}
