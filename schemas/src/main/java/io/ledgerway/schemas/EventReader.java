package io.ledgerway.schemas;

import static io.ledgerway.schemas.Values.addresses;
import static io.ledgerway.schemas.Values.attachment;
import static io.ledgerway.schemas.Values.instant;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.OwnershipEvent;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cluster.ClusterEvent;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.schemas.event.v1.Envelope;
import java.util.Optional;

/// Takes the event out of an envelope. An envelope without one that this version knows is refused, never skipped:
/// a fold with holes would be a wrong state.
final class EventReader {

    private EventReader() {}

    static DomainEvent read(Envelope from) {
        return switch (from.getEventCase()) {
            case NODE_REGISTERED -> {
                var e = from.getNodeRegistered();
                yield new NodeEvent.NodeRegistered(Values.incarnation(e.getIncarnation()), new BootId(e.getBootId()));
            }
            case NODE_BOOTED -> {
                var e = from.getNodeBooted();
                yield new NodeEvent.NodeBooted(new BootId(e.getBootId()), instant(e.getCoolUntil()));
            }
            case EXECUTOR_CONNECTED -> {
                var e = from.getExecutorConnected();
                yield new NodeEvent.ExecutorConnected(e.getRun(), e.getVersion());
            }
            case EXECUTOR_RESTARTED -> {
                var e = from.getExecutorRestarted();
                yield new NodeEvent.ExecutorRestarted(e.getRun(), e.getVersion());
            }
            case POOL_CONFIGURED ->
                new NodeEvent.PoolConfigured(
                        Values.target(from.getPoolConfigured().getTarget()));
            case CAPACITY_LEARNT -> {
                var e = from.getCapacityLearnt();
                yield new NodeEvent.CapacityLearnt(
                        Values.capacity(e.getCapacity()),
                        e.getVSwitchesList().stream().map(Values::vSwitch).toList());
            }
            case ENI_CREATION_INTENDED ->
                new NodeEvent.EniCreationIntended(
                        Intents.create(from.getEniCreationIntended().getIntent()));
            case ENI_CREATED -> {
                var e = from.getEniCreated();
                yield new NodeEvent.EniCreated(
                        new IntentId(e.getIntentId()),
                        new EniId(e.getEniId()),
                        new MacAddress(e.getMac()),
                        new VSwitchId(e.getVSwitchId()),
                        new IpAddress(e.getPrimary()),
                        addresses(e.getSecondaryList()));
            }
            case ENI_ATTACH_INTENDED ->
                new NodeEvent.EniAttachIntended(
                        Intents.attach(from.getEniAttachIntended().getIntent()));
            case ENI_ATTACHED -> {
                var e = from.getEniAttached();
                yield new NodeEvent.EniAttached(
                        new IntentId(e.getIntentId()), new EniId(e.getEniId()), e.getDeviceIndex());
            }
            case REFILL_DECIDED ->
                new NodeEvent.RefillDecided(
                        Intents.assign(from.getRefillDecided().getIntent()));
            case ADDRESSES_ASSIGNED -> {
                var e = from.getAddressesAssigned();
                yield new NodeEvent.AddressesAssigned(
                        new IntentId(e.getIntentId()), new EniId(e.getEniId()), addresses(e.getAddressesList()));
            }
            case ENI_DETACH_INTENDED ->
                new NodeEvent.EniDetachIntended(
                        Intents.detach(from.getEniDetachIntended().getIntent()));
            case ENI_DETACHED -> {
                var e = from.getEniDetached();
                yield new NodeEvent.EniDetached(new IntentId(e.getIntentId()), new EniId(e.getEniId()));
            }
            case ENI_DELETION_INTENDED ->
                new NodeEvent.EniDeletionIntended(
                        Intents.delete(from.getEniDeletionIntended().getIntent()));
            case ENI_DELETED -> {
                var e = from.getEniDeleted();
                yield new NodeEvent.EniDeleted(new IntentId(e.getIntentId()), new EniId(e.getEniId()));
            }
            case CLOUD_ATTEMPT_FAILED -> {
                var e = from.getCloudAttemptFailed();
                yield new NodeEvent.CloudAttemptFailed(
                        new IntentId(e.getIntentId()),
                        Values.failure(e.getFailure()),
                        instant(e.getRetryAt()),
                        present(e.getNewToken()).map(ClientToken::new),
                        e.hasNewTime() ? Optional.of(instant(e.getNewTime())) : Optional.empty());
            }
            case CLOUD_INTENT_ABANDONED -> {
                var e = from.getCloudIntentAbandoned();
                yield new NodeEvent.CloudIntentAbandoned(
                        new IntentId(e.getIntentId()),
                        Values.failure(e.getFailure()),
                        e.hasGrowthBlockedUntil() ? Optional.of(instant(e.getGrowthBlockedUntil())) : Optional.empty());
            }
            case V_SWITCH_EXHAUSTED -> {
                var e = from.getVSwitchExhausted();
                yield new NodeEvent.VSwitchExhausted(new VSwitchId(e.getVSwitchId()), instant(e.getBlockedUntil()));
            }
            case GROWTH_REOPENED ->
                new NodeEvent.GrowthReopened(instant(from.getGrowthReopened().getAt()));
            case ADDRESSES_COOLED ->
                new NodeEvent.AddressesCooled(
                        addresses(from.getAddressesCooled().getAddressesList()));
            case IP_ALLOCATED -> {
                var e = from.getIpAllocated();
                yield new NodeEvent.IpAllocated(Values.request(e.getRequest()), Values.allocation(e.getAllocation()));
            }
            case IP_REQUEST_QUEUED -> {
                var e = from.getIpRequestQueued();
                yield new NodeEvent.IpRequestQueued(
                        Values.request(e.getRequest()), present(e.getWaitsFor()).map(IntentId::new));
            }
            case IP_REQUEST_REJECTED -> {
                var e = from.getIpRequestRejected();
                yield new NodeEvent.IpRequestRejected(
                        Values.request(e.getRequest()), Values.rejection(e.getRejection()));
            }
            case IP_REQUEST_CANCELLED -> {
                var e = from.getIpRequestCancelled();
                yield new NodeEvent.IpRequestCancelled(attachment(e.getAttachment()), new SandboxId(e.getSandboxId()));
            }
            case SANDBOX_REPLACED -> {
                var e = from.getSandboxReplaced();
                yield new NodeEvent.SandboxReplaced(
                        attachment(e.getAttachment()), new SandboxId(e.getBefore()), new SandboxId(e.getNow()));
            }
            case IP_RELEASED -> {
                var e = from.getIpReleased();
                yield new NodeEvent.IpReleased(attachment(e.getAttachment()), new SandboxId(e.getSandboxId()));
            }
            case ENDPOINT_READY -> {
                var e = from.getEndpointReady();
                yield new NodeEvent.EndpointReady(
                        attachment(e.getAttachment()), new SandboxId(e.getSandboxId()), e.getHostInterface());
            }
            case ENDPOINT_REMOVED -> {
                var e = from.getEndpointRemoved();
                yield new NodeEvent.EndpointRemoved(
                        attachment(e.getAttachment()), new SandboxId(e.getSandboxId()), instant(e.getCoolUntil()));
            }
            case ENDPOINT_ADOPTED -> {
                var e = from.getEndpointAdopted();
                yield new NodeEvent.EndpointAdopted(
                        Values.request(e.getRequest()), Values.allocation(e.getAllocation()), e.getHostInterface());
            }
            case ENDPOINT_UNEXPLAINED -> {
                var e = from.getEndpointUnexplained();
                yield new NodeEvent.EndpointUnexplained(
                        Values.request(e.getRequest()), Values.allocation(e.getAllocation()), e.getWhy());
            }
            case JOURNAL_STARTED ->
                new NodeEvent.JournalStarted(
                        new JournalId(from.getJournalStarted().getJournalId()));
            case JOURNAL_LOST -> {
                var e = from.getJournalLost();
                yield new NodeEvent.JournalLost(new JournalId(e.getBefore()), new JournalId(e.getNow()));
            }
            case ADDRESSES_HELD_BACK -> {
                var e = from.getAddressesHeldBack();
                yield new NodeEvent.AddressesHeldBack(addresses(e.getAddressesList()), instant(e.getCoolUntil()));
            }
            case JOURNAL_DRAINED -> {
                var e = from.getJournalDrained();
                yield new NodeEvent.JournalDrained(new JournalId(e.getJournalId()), e.getThrough());
            }
            case JOURNAL_ENTRY_KEPT -> {
                var e = from.getJournalEntryKept();
                yield new NodeEvent.JournalEntryKept(
                        Values.incarnation(e.getIncarnation()),
                        new JournalId(e.getJournalId()),
                        Journals.entry(e.getEntry()),
                        e.getWhy());
            }
            case ALLOCATION_REPLACED -> {
                var e = from.getAllocationReplaced();
                yield new NodeEvent.AllocationReplaced(
                        Values.request(e.getRequest()),
                        Values.allocation(e.getBefore()),
                        instant(e.getCoolUntil()),
                        Values.allocation(e.getNow()));
            }
            case ALLOCATION_REVOKED -> {
                var e = from.getAllocationRevoked();
                yield new NodeEvent.AllocationRevoked(
                        Values.request(e.getRequest()), Values.allocation(e.getAllocation()));
            }
            case IP_REQUEST_ABANDONED -> {
                var e = from.getIpRequestAbandoned();
                yield new NodeEvent.IpRequestAbandoned(Values.request(e.getRequest()), e.getWhy());
            }
            case WITHDRAW_PROPOSED -> {
                var e = from.getWithdrawProposed();
                yield new NodeEvent.WithdrawProposed(new WishId(e.getWishId()), addresses(e.getAddressesList()));
            }
            case WITHDRAWAL_CANCELLED ->
                new NodeEvent.WithdrawalCancelled(
                        addresses(from.getWithdrawalCancelled().getAddressesList()));
            case ADDRESSES_WITHDRAWN -> {
                var e = from.getAddressesWithdrawn();
                yield new NodeEvent.AddressesWithdrawn(new WishId(e.getWishId()), addresses(e.getAddressesList()));
            }
            case UNASSIGN_INTENDED ->
                new NodeEvent.UnassignIntended(
                        Intents.unassign(from.getUnassignIntended().getIntent()));
            case ADDRESSES_UNASSIGNED -> {
                var e = from.getAddressesUnassigned();
                yield new NodeEvent.AddressesUnassigned(
                        new IntentId(e.getIntentId()), new EniId(e.getEniId()), addresses(e.getAddressesList()));
            }
            case STRAY_ENI_FOUND -> {
                var e = from.getStrayEniFound();
                yield new NodeEvent.StrayEniFound(
                        new EniId(e.getEniId()),
                        new MacAddress(e.getMac()),
                        new VSwitchId(e.getVSwitchId()),
                        new IpAddress(e.getPrimary()),
                        Optional.of(e.getMadeForIntentId())
                                .filter(id -> !id.isEmpty())
                                .map(IntentId::new));
            }
            case STRAY_ADDRESSES_FOUND -> {
                var e = from.getStrayAddressesFound();
                yield new NodeEvent.StrayAddressesFound(new EniId(e.getEniId()), addresses(e.getAddressesList()));
            }
            case NODE_LOST -> new NodeEvent.NodeLost(Values.evidence(from.getNodeLost()));
            case NODE_RETURNED -> new NodeEvent.NodeReturned();
            case NODE_REPLACED -> {
                var e = from.getNodeReplaced();
                yield new NodeEvent.NodeReplaced(
                        Values.incarnation(e.getBefore()), Values.incarnation(e.getNow()), new BootId(e.getBootId()));
            }
            case NODE_RETIRED -> {
                var e = from.getNodeRetired();
                yield new NodeEvent.NodeRetired(Values.incarnation(e.getIncarnation()), e.getWhy());
            }
            case CLUSTER_CREATED -> {
                var e = from.getClusterCreated();
                yield new ClusterEvent.ClusterCreated(new ClusterId(e.getClusterId()), e.getPartitions());
            }
            case STREAM_PLACED -> {
                var e = from.getStreamPlaced();
                yield new ClusterEvent.StreamPlaced(new Stream(e.getStream()), e.getPartition());
            }
            case OWNER_STARTED -> {
                var e = from.getOwnerStarted();
                yield new OwnershipEvent.OwnerStarted(e.getPartition(), e.getEpoch(), e.getAddress());
            }
            case EVENT_NOT_SET ->
                throw new IllegalArgumentException("the record " + from.getPartition() + "/" + from.getSequence()
                        + " (schema version " + from.getSchemaVersion() + ") holds no event that this version knows;"
                        + " run at least the version that wrote it");
        };
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
