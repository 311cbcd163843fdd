package io.ledgerway.domain.node;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.Ids.WishId;
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

    /// The cloud has an ENI of this cluster on no instance, and no node knows it: a call that the log had given up
    /// was heard all the same. It goes back.
    ///
    /// @param madeFor the intent that its tags name
    record StrayEniFound(EniId eni, MacAddress mac, VSwitchId vSwitch, IpAddress primary, Optional<IntentId> madeFor)
            implements NodeEvent {}

    /// The ENI has addresses in the cloud that the log does not know, for the same reason. They go back.
    record StrayAddressesFound(EniId eni, List<IpAddress> addresses) implements NodeEvent {
        public StrayAddressesFound {
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

    /// An endpoint that only the kernel knew, taken over after the node had lost its disk.
    record EndpointAdopted(PodRequest request, Allocation allocation, String hostInterface) implements NodeEvent {}

    /// An endpoint in the kernel that cannot be: what the log knows contradicts it. It changes nothing and needs a
    /// look.
    record EndpointUnexplained(PodRequest request, Allocation allocation, String why) implements NodeEvent {}

    // What a node did on its own and told afterwards.

    record JournalStarted(JournalId journal) implements NodeEvent {}

    /// What the node did since it was last heard and had not told is not known; the same journal twice means that
    /// entries in its middle are missing.
    record JournalLost(JournalId before, JournalId now) implements NodeEvent {}

    /// A pod that only the lost journal knew may have had any of these: they rest, though no endpoint is known to have
    /// ended.
    record AddressesHeldBack(List<IpAddress> addresses, Instant coolUntil) implements NodeEvent {
        public AddressesHeldBack {
            addresses = List.copyOf(addresses);
        }
    }

    /// @param through the last entry that the log has heard
    record JournalDrained(JournalId journal, long through) implements NodeEvent {}

    /// An entry that is kept as history and changes nothing: an older incarnation's, or one that contradicts the log.
    record JournalEntryKept(Incarnation incarnation, JournalId journal, Journalled entry, String why)
            implements NodeEvent {}

    /// The node bound another address than the log had given the pod, which therefore rests until `coolUntil`.
    record AllocationReplaced(PodRequest request, Allocation before, Instant coolUntil, Allocation now)
            implements NodeEvent {}

    /// The pod waits again: the node, which had not heard of this grant, had bound the address for another.
    record AllocationRevoked(PodRequest request, Allocation allocation) implements NodeEvent {}

    /// An ADD was given up by the node before it had an address.
    record IpRequestAbandoned(PodRequest request, String why) implements NodeEvent {}

    // Giving addresses back.

    /// The pool has more idle addresses than it may keep: the log wishes these back.
    record WithdrawProposed(WishId wish, List<IpAddress> addresses) implements NodeEvent {
        public WithdrawProposed {
            addresses = List.copyOf(addresses);
        }
    }

    /// The addresses are idle as before, because a pod has come or the pool wants them after all.
    record WithdrawalCancelled(List<IpAddress> addresses) implements NodeEvent {
        public WithdrawalCancelled {
            addresses = List.copyOf(addresses);
        }
    }

    /// The node has confirmed that it will not bind these.
    record AddressesWithdrawn(WishId wish, List<IpAddress> addresses) implements NodeEvent {
        public AddressesWithdrawn {
            addresses = List.copyOf(addresses);
        }
    }

    record UnassignIntended(CloudIntent.UnassignAddresses intent) implements NodeEvent {}

    record AddressesUnassigned(IntentId intent, EniId eni, List<IpAddress> addresses) implements NodeEvent {
        public AddressesUnassigned {
            addresses = List.copyOf(addresses);
        }
    }

    // The node's life.

    /// Nothing is freed by this: its addresses end when the cloud shows that their ENIs are gone from it.
    record NodeLost(LossEvidence evidence) implements NodeEvent {}

    /// The same instance speaks again; nothing has moved.
    record NodeReturned() implements NodeEvent {}

    /// Another instance has taken the name. It inherits no address.
    record NodeReplaced(Incarnation before, Incarnation now, BootId boot) implements NodeEvent {}

    record NodeRetired(Incarnation incarnation, String why) implements NodeEvent {}
}
