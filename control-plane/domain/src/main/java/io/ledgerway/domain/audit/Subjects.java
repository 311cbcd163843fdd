package io.ledgerway.domain.audit;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.OwnershipEvent;
import io.ledgerway.domain.cluster.ClusterEvent;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an event itself names; by these it is found again.
///
/// @param podName namespace and name, where the event brings them
/// @param intent the cloud request that it makes, settles, or waits for
/// @param eni where the event is about the life of an ENI, not where it merely uses one
public record Subjects(
        Optional<PodUid> pod,
        Optional<PodName> podName,
        List<IpAddress> addresses,
        Optional<IntentId> intent,
        Optional<EniId> eni) {

    private static final Subjects NONE =
            new Subjects(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    public Subjects {
        addresses = List.copyOf(addresses);
    }

    public record PodName(String namespace, String name) {
        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    public static Subjects of(DomainEvent event) {
        return switch (event) {
            case NodeEvent e -> of(e);
            case ClusterEvent.ClusterCreated e -> NONE;
            case ClusterEvent.StreamPlaced e -> NONE;
            case OwnershipEvent.OwnerStarted e -> NONE;
        };
    }

    private static Subjects of(NodeEvent event) {
        return switch (event) {
            case NodeEvent.NodeRegistered e -> NONE;
            case NodeEvent.NodeBooted e -> NONE;
            case NodeEvent.ExecutorConnected e -> NONE;
            case NodeEvent.ExecutorRestarted e -> NONE;
            case NodeEvent.PoolConfigured e -> NONE;
            case NodeEvent.CapacityLearnt e -> NONE;
            case NodeEvent.EniCreationIntended e -> intent(e.intent().id());
            case NodeEvent.EniCreated e -> {
                var addresses = new ArrayList<IpAddress>();
                addresses.add(e.primary());
                addresses.addAll(e.secondary());
                yield cloud(e.intent(), Optional.of(e.eni()), addresses);
            }
            case NodeEvent.EniAttachIntended e ->
                eni(e.intent().id(), e.intent().eni());
            case NodeEvent.EniAttached e -> eni(e.intent(), e.eni());
            case NodeEvent.RefillDecided e -> intent(e.intent().id());
            case NodeEvent.AddressesAssigned e -> cloud(e.intent(), Optional.empty(), e.addresses());
            case NodeEvent.StrayEniFound e ->
                new Subjects(
                        Optional.empty(), Optional.empty(), List.of(e.primary()), e.madeFor(), Optional.of(e.eni()));
            case NodeEvent.StrayAddressesFound e ->
                new Subjects(Optional.empty(), Optional.empty(), e.addresses(), Optional.empty(), Optional.of(e.eni()));
            case NodeEvent.EniDetachIntended e ->
                eni(e.intent().id(), e.intent().eni());
            case NodeEvent.EniDetached e -> eni(e.intent(), e.eni());
            case NodeEvent.EniDeletionIntended e ->
                eni(e.intent().id(), e.intent().eni());
            case NodeEvent.EniDeleted e -> eni(e.intent(), e.eni());
            case NodeEvent.CloudAttemptFailed e -> intent(e.intent());
            case NodeEvent.CloudIntentAbandoned e -> intent(e.intent());
            case NodeEvent.VSwitchExhausted e -> NONE;
            case NodeEvent.GrowthReopened e -> NONE;
            case NodeEvent.AddressesCooled e -> addresses(e.addresses());
            case NodeEvent.IpAllocated e -> pod(e.request(), e.allocation().addresses(), Optional.empty());
            case NodeEvent.IpRequestQueued e -> pod(e.request(), List.of(), e.waitsFor());
            case NodeEvent.IpRequestRejected e -> pod(e.request(), List.of(), Optional.empty());
            case NodeEvent.IpRequestCancelled e -> pod(e.attachment());
            case NodeEvent.SandboxReplaced e -> pod(e.attachment());
            case NodeEvent.IpReleased e -> pod(e.attachment());
            case NodeEvent.EndpointReady e -> pod(e.attachment());
            case NodeEvent.EndpointRemoved e -> pod(e.attachment());
            case NodeEvent.EndpointAdopted e -> pod(e.request(), e.allocation().addresses(), Optional.empty());
            case NodeEvent.EndpointUnexplained e ->
                pod(e.request(), e.allocation().addresses(), Optional.empty());
            case NodeEvent.JournalStarted e -> NONE;
            case NodeEvent.JournalLost e -> NONE;
            case NodeEvent.AddressesHeldBack e -> addresses(e.addresses());
            case NodeEvent.JournalDrained e -> NONE;
            case NodeEvent.JournalEntryKept e -> of(e.entry().fact());
            case NodeEvent.AllocationReplaced e -> {
                var addresses = new ArrayList<>(e.before().addresses());
                addresses.addAll(e.now().addresses());
                yield pod(e.request(), addresses, Optional.empty());
            }
            case NodeEvent.AllocationRevoked e ->
                pod(e.request(), e.allocation().addresses(), Optional.empty());
            case NodeEvent.IpRequestAbandoned e -> pod(e.request(), List.of(), Optional.empty());
            case NodeEvent.WithdrawProposed e -> addresses(e.addresses());
            case NodeEvent.WithdrawalCancelled e -> addresses(e.addresses());
            case NodeEvent.AddressesWithdrawn e -> addresses(e.addresses());
            case NodeEvent.UnassignIntended e ->
                cloud(e.intent().id(), Optional.empty(), e.intent().addresses());
            case NodeEvent.AddressesUnassigned e -> cloud(e.intent(), Optional.empty(), e.addresses());
            case NodeEvent.NodeLost e -> NONE;
            case NodeEvent.NodeReturned e -> NONE;
            case NodeEvent.NodeReplaced e -> NONE;
            case NodeEvent.NodeRetired e -> NONE;
        };
    }

    private static Subjects of(JournalFact fact) {
        return switch (fact) {
            case JournalFact.Booted f -> NONE;
            case JournalFact.Bound f -> pod(f.request(), f.allocation().addresses(), Optional.empty());
            case JournalFact.Ready f -> pod(f.attachment());
            case JournalFact.Released f -> pod(f.attachment());
            case JournalFact.Removed f -> pod(f.attachment());
            case JournalFact.Cooled f -> addresses(f.addresses());
            case JournalFact.Abandoned f -> pod(f.request(), List.of(), Optional.empty());
            case JournalFact.WithdrawalConfirmed f -> addresses(f.addresses());
        };
    }

    private static Subjects addresses(List<IpAddress> addresses) {
        return new Subjects(Optional.empty(), Optional.empty(), addresses, Optional.empty(), Optional.empty());
    }

    private static Subjects intent(IntentId intent) {
        return cloud(intent, Optional.empty(), List.of());
    }

    private static Subjects eni(IntentId intent, EniId eni) {
        return cloud(intent, Optional.of(eni), List.of());
    }

    private static Subjects cloud(IntentId intent, Optional<EniId> eni, List<IpAddress> addresses) {
        return new Subjects(Optional.empty(), Optional.empty(), addresses, Optional.of(intent), eni);
    }

    private static Subjects pod(PodRequest request, List<IpAddress> addresses, Optional<IntentId> intent) {
        return new Subjects(
                Optional.of(request.attachment().pod()),
                request.name().map(known -> new PodName(request.namespace(), request.podName())),
                addresses,
                intent,
                Optional.empty());
    }

    private static Subjects pod(AttachmentId attachment) {
        return new Subjects(
                Optional.of(attachment.pod()), Optional.empty(), List.of(), Optional.empty(), Optional.empty());
    }
}
