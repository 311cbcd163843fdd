package io.ledgerway.domain.node;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What happened on a node: facts, in the order in which the log accepted them.
public sealed interface NodeEvent extends DomainEvent {

    // The node itself.

    record NodeRegistered(Incarnation incarnation, BootId boot) implements NodeEvent {}

    /// @param coolUntil when the addresses of the endpoints that the reboot ended may be used again
    record NodeBooted(BootId boot, Instant coolUntil) implements NodeEvent {}

    /// @param run names one run of the executor's process
    record ExecutorConnected(String run, String version) implements NodeEvent {}

    record ExecutorRestarted(String run, String version) implements NodeEvent {}

    record PoolConfigured(PoolTarget target) implements NodeEvent {}

    record CapacityLearnt(NodeCapacity capacity, List<VSwitch> vSwitches) implements NodeEvent {
        public CapacityLearnt {
            vSwitches = List.copyOf(vSwitches);
        }
    }

    // ENIs and their addresses. An intent is in the log before its call.

    record EniCreationIntended(CloudIntent.CreateEni intent) implements NodeEvent {}

    record EniCreated(
            IntentId intent, EniId eni, MacAddress mac, VSwitchId vSwitch, IpAddress primary, List<IpAddress> secondary)
            implements NodeEvent {
        public EniCreated {
            secondary = List.copyOf(secondary);
        }
    }

    record EniAttachIntended(CloudIntent.AttachEni intent) implements NodeEvent {}

    record EniAttached(IntentId intent, EniId eni, int deviceIndex) implements NodeEvent {}

    /// The pool is short: this many more addresses are asked for on that ENI.
    record RefillDecided(CloudIntent.AssignAddresses intent) implements NodeEvent {}

    record AddressesAssigned(IntentId intent, EniId eni, List<IpAddress> addresses) implements NodeEvent {
        public AddressesAssigned {
            addresses = List.copyOf(addresses);
        }
    }

    record EniDetachIntended(CloudIntent.DetachEni intent) implements NodeEvent {}

    record EniDetached(IntentId intent, EniId eni) implements NodeEvent {}

    record EniDeletionIntended(CloudIntent.DeleteEni intent) implements NodeEvent {}

    record EniDeleted(IntentId intent, EniId eni) implements NodeEvent {}

    /// An attempt failed and the intent stands: it is tried again, not before `retryAt`.
    ///
    /// @param newToken the token of the next attempt, where the cloud has burnt the one before
    /// @param newTime the time that the next attempt is signed with, where the cloud refuses the one before
    record CloudAttemptFailed(
            IntentId intent,
            CloudOutcome.Failed failure,
            Instant retryAt,
            Optional<ClientToken> newToken,
            Optional<Instant> newTime)
            implements NodeEvent {}

    /// The intent is given up.
    ///
    /// @param growthBlockedUntil nothing more is asked of this node's cloud before then
    record CloudIntentAbandoned(IntentId intent, CloudOutcome.Failed failure, Optional<Instant> growthBlockedUntil)
            implements NodeEvent {}

    record VSwitchExhausted(VSwitchId vSwitch, Instant blockedUntil) implements NodeEvent {}

    /// Blocks on the pool's growth that ended by `at` are lifted.
    record GrowthReopened(Instant at) implements NodeEvent {}

    /// These addresses have rested long enough and are idle again.
    record AddressesCooled(List<IpAddress> addresses) implements NodeEvent {
        public AddressesCooled {
            addresses = List.copyOf(addresses);
        }
    }

    // IP requests: each leaves at least one of the first three.

    record IpAllocated(PodRequest request, Allocation allocation) implements NodeEvent {}

    record IpRequestQueued(PodRequest request, Optional<IntentId> waitsFor) implements NodeEvent {}

    record IpRequestRejected(PodRequest request, Rejection rejection) implements NodeEvent {}

    /// DEL came before the address did.
    record IpRequestCancelled(AttachmentId attachment, SandboxId sandbox) implements NodeEvent {}

    record SandboxReplaced(AttachmentId attachment, SandboxId before, SandboxId now) implements NodeEvent {}

    /// DEL has come for the sandbox that holds the address; the endpoint may still exist for a moment.
    record IpReleased(AttachmentId attachment, SandboxId sandbox) implements NodeEvent {}

    // Endpoints, as the node reports them.

    record EndpointReady(AttachmentId attachment, SandboxId sandbox, String hostInterface) implements NodeEvent {}

    /// The kernel holds nothing of the endpoint any more; its addresses rest until `coolUntil`.
    record EndpointRemoved(AttachmentId attachment, SandboxId sandbox, Instant coolUntil) implements NodeEvent {}
}
