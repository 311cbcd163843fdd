package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import java.util.List;

/// What a node did on its own and wrote down before it let anybody rely on it. Facts: the log may wonder, not refuse.
public sealed interface JournalFact {

    /// Written before anything else of that boot: every endpoint before it is gone. An endpoint of the boot before
    /// that the log has not heard of yet would otherwise live on there.
    record Booted(BootId boot) implements JournalFact {}

    /// An ADD was answered with this; the pod has it.
    record Bound(PodRequest request, Allocation allocation) implements JournalFact {}

    record Ready(AttachmentId attachment, SandboxId sandbox, String hostInterface) implements JournalFact {}

    /// A DEL was answered.
    record Released(AttachmentId attachment, SandboxId sandbox) implements JournalFact {}

    /// The kernel holds nothing of the endpoint any more.
    record Removed(AttachmentId attachment, SandboxId sandbox) implements JournalFact {}

    /// These have rested for the pool's cool-down, by the node's monotonic clock, and may be bound again.
    record Cooled(List<IpAddress> addresses) implements JournalFact {
        public Cooled {
            addresses = List.copyOf(addresses);
        }
    }

    /// An ADD was given up before it had an address, and answered with an error.
    record Abandoned(PodRequest request, String why) implements JournalFact {}

    /// The node gives these back, as the log wished, and will not bind them until they are granted again.
    record WithdrawalConfirmed(WishId wish, List<IpAddress> addresses) implements JournalFact {
        public WithdrawalConfirmed {
            addresses = List.copyOf(addresses);
        }
    }
}
