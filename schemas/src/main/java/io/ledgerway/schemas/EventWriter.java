package io.ledgerway.schemas;

import static io.ledgerway.schemas.Values.texts;
import static io.ledgerway.schemas.Values.time;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.OwnershipEvent;
import io.ledgerway.domain.cluster.ClusterEvent;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.schemas.event.v1.*;

/// Puts an event into an envelope under construction.
final class EventWriter {

    private EventWriter() {}

    static void write(DomainEvent event, Envelope.Builder to) {
        switch (event) {
            case NodeEvent e -> write(e, to);
            case ClusterEvent e -> write(e, to);
            case OwnershipEvent.OwnerStarted e ->
                to.setOwnerStarted(OwnerStarted.newBuilder()
                        .setPartition(e.partition())
                        .setEpoch(e.epoch())
                        .setAddress(e.address()));
        }
    }

    private static void write(ClusterEvent event, Envelope.Builder to) {
        switch (event) {
            case ClusterEvent.ClusterCreated e ->
                to.setClusterCreated(ClusterCreated.newBuilder()
                        .setClusterId(e.cluster().value())
                        .setPartitions(e.partitions()));
            case ClusterEvent.StreamPlaced e ->
                to.setStreamPlaced(
                        StreamPlaced.newBuilder().setStream(e.stream().name()).setPartition(e.partition()));
        }
    }

    private static void write(NodeEvent event, Envelope.Builder to) {
        switch (event) {
            case NodeEvent.NodeRegistered e ->
                to.setNodeRegistered(NodeRegistered.newBuilder()
                        .setIncarnation(Values.incarnation(e.incarnation()))
                        .setBootId(e.boot().value()));
            case NodeEvent.NodeBooted e ->
                to.setNodeBooted(
                        NodeBooted.newBuilder().setBootId(e.boot().value()).setCoolUntil(time(e.coolUntil())));
            case NodeEvent.ExecutorConnected e ->
                to.setExecutorConnected(
                        ExecutorConnected.newBuilder().setRun(e.run()).setVersion(e.version()));
            case NodeEvent.ExecutorRestarted e ->
                to.setExecutorRestarted(
                        ExecutorRestarted.newBuilder().setRun(e.run()).setVersion(e.version()));
            case NodeEvent.PoolConfigured e ->
                to.setPoolConfigured(PoolConfigured.newBuilder().setTarget(Values.target(e.target())));
            case NodeEvent.CapacityLearnt e ->
                to.setCapacityLearnt(CapacityLearnt.newBuilder()
                        .setCapacity(Values.capacity(e.capacity()))
                        .addAllVSwitches(
                                e.vSwitches().stream().map(Values::vSwitch).toList()));
            case NodeEvent.EniCreationIntended e ->
                to.setEniCreationIntended(EniCreationIntended.newBuilder().setIntent(Intents.create(e.intent())));
            case NodeEvent.EniCreated e ->
                to.setEniCreated(EniCreated.newBuilder()
                        .setIntentId(e.intent().value())
                        .setEniId(e.eni().value())
                        .setMac(e.mac().value())
                        .setVSwitchId(e.vSwitch().value())
                        .setPrimary(e.primary().value())
                        .addAllSecondary(texts(e.secondary())));
            case NodeEvent.EniAttachIntended e ->
                to.setEniAttachIntended(EniAttachIntended.newBuilder().setIntent(Intents.attach(e.intent())));
            case NodeEvent.EniAttached e ->
                to.setEniAttached(EniAttached.newBuilder()
                        .setIntentId(e.intent().value())
                        .setEniId(e.eni().value())
                        .setDeviceIndex(e.deviceIndex()));
            case NodeEvent.RefillDecided e ->
                to.setRefillDecided(RefillDecided.newBuilder().setIntent(Intents.assign(e.intent())));
            case NodeEvent.AddressesAssigned e ->
                to.setAddressesAssigned(AddressesAssigned.newBuilder()
                        .setIntentId(e.intent().value())
                        .setEniId(e.eni().value())
                        .addAllAddresses(texts(e.addresses())));
            case NodeEvent.EniDetachIntended e ->
                to.setEniDetachIntended(EniDetachIntended.newBuilder().setIntent(Intents.detach(e.intent())));
            case NodeEvent.EniDetached e ->
                to.setEniDetached(EniDetached.newBuilder()
                        .setIntentId(e.intent().value())
                        .setEniId(e.eni().value()));
            case NodeEvent.EniDeletionIntended e ->
                to.setEniDeletionIntended(EniDeletionIntended.newBuilder().setIntent(Intents.delete(e.intent())));
            case NodeEvent.EniDeleted e ->
                to.setEniDeleted(EniDeleted.newBuilder()
                        .setIntentId(e.intent().value())
                        .setEniId(e.eni().value()));
            case NodeEvent.CloudAttemptFailed e -> {
                var failed = CloudAttemptFailed.newBuilder()
                        .setIntentId(e.intent().value())
                        .setFailure(Values.failure(e.failure()))
                        .setRetryAt(time(e.retryAt()))
                        .setNewToken(e.newToken().map(token -> token.value()).orElse(""));
                e.newTime().ifPresent(time -> failed.setNewTime(time(time)));
                to.setCloudAttemptFailed(failed);
            }
            case NodeEvent.CloudIntentAbandoned e -> {
                var abandoned = CloudIntentAbandoned.newBuilder()
                        .setIntentId(e.intent().value())
                        .setFailure(Values.failure(e.failure()));
                e.growthBlockedUntil().ifPresent(until -> abandoned.setGrowthBlockedUntil(time(until)));
                to.setCloudIntentAbandoned(abandoned);
            }
            case NodeEvent.VSwitchExhausted e ->
                to.setVSwitchExhausted(VSwitchExhausted.newBuilder()
                        .setVSwitchId(e.vSwitch().value())
                        .setBlockedUntil(time(e.blockedUntil())));
            case NodeEvent.GrowthReopened e ->
                to.setGrowthReopened(GrowthReopened.newBuilder().setAt(time(e.at())));
            case NodeEvent.AddressesCooled e ->
                to.setAddressesCooled(AddressesCooled.newBuilder().addAllAddresses(texts(e.addresses())));
            case NodeEvent.IpAllocated e ->
                to.setIpAllocated(IpAllocated.newBuilder()
                        .setRequest(Values.request(e.request()))
                        .setAllocation(Values.allocation(e.allocation())));
            case NodeEvent.IpRequestQueued e ->
                to.setIpRequestQueued(IpRequestQueued.newBuilder()
                        .setRequest(Values.request(e.request()))
                        .setWaitsFor(e.waitsFor().map(intent -> intent.value()).orElse("")));
            case NodeEvent.IpRequestRejected e ->
                to.setIpRequestRejected(IpRequestRejected.newBuilder()
                        .setRequest(Values.request(e.request()))
                        .setRejection(Values.rejection(e.rejection())));
            case NodeEvent.IpRequestCancelled e ->
                to.setIpRequestCancelled(IpRequestCancelled.newBuilder()
                        .setAttachment(Values.attachment(e.attachment()))
                        .setSandboxId(e.sandbox().value()));
            case NodeEvent.SandboxReplaced e ->
                to.setSandboxReplaced(SandboxReplaced.newBuilder()
                        .setAttachment(Values.attachment(e.attachment()))
                        .setBefore(e.before().value())
                        .setNow(e.now().value()));
            case NodeEvent.IpReleased e ->
                to.setIpReleased(IpReleased.newBuilder()
                        .setAttachment(Values.attachment(e.attachment()))
                        .setSandboxId(e.sandbox().value()));
            case NodeEvent.EndpointReady e ->
                to.setEndpointReady(EndpointReady.newBuilder()
                        .setAttachment(Values.attachment(e.attachment()))
                        .setSandboxId(e.sandbox().value())
                        .setHostInterface(e.hostInterface()));
            case NodeEvent.EndpointRemoved e ->
                to.setEndpointRemoved(EndpointRemoved.newBuilder()
                        .setAttachment(Values.attachment(e.attachment()))
                        .setSandboxId(e.sandbox().value())
                        .setCoolUntil(time(e.coolUntil())));
            case NodeEvent.EndpointAdopted e ->
                to.setEndpointAdopted(EndpointAdopted.newBuilder()
                        .setRequest(Values.request(e.request()))
                        .setAllocation(Values.allocation(e.allocation()))
                        .setHostInterface(e.hostInterface()));
            case NodeEvent.EndpointUnexplained e ->
                to.setEndpointUnexplained(EndpointUnexplained.newBuilder()
                        .setRequest(Values.request(e.request()))
                        .setAllocation(Values.allocation(e.allocation()))
                        .setWhy(e.why()));
            case NodeEvent.JournalStarted e ->
                to.setJournalStarted(
                        JournalStarted.newBuilder().setJournalId(e.journal().value()));
            case NodeEvent.JournalLost e ->
                to.setJournalLost(JournalLost.newBuilder()
                        .setBefore(e.before().value())
                        .setNow(e.now().value()));
            case NodeEvent.AddressesHeldBack e ->
                to.setAddressesHeldBack(AddressesHeldBack.newBuilder()
                        .addAllAddresses(texts(e.addresses()))
                        .setCoolUntil(time(e.coolUntil())));
            case NodeEvent.JournalDrained e ->
                to.setJournalDrained(JournalDrained.newBuilder()
                        .setJournalId(e.journal().value())
                        .setThrough(e.through()));
            case NodeEvent.JournalEntryKept e ->
                to.setJournalEntryKept(JournalEntryKept.newBuilder()
                        .setIncarnation(Values.incarnation(e.incarnation()))
                        .setJournalId(e.journal().value())
                        .setEntry(Journals.entry(e.entry()))
                        .setWhy(e.why()));
            case NodeEvent.AllocationReplaced e ->
                to.setAllocationReplaced(AllocationReplaced.newBuilder()
                        .setRequest(Values.request(e.request()))
                        .setBefore(Values.allocation(e.before()))
                        .setCoolUntil(time(e.coolUntil()))
                        .setNow(Values.allocation(e.now())));
            case NodeEvent.AllocationRevoked e ->
                to.setAllocationRevoked(AllocationRevoked.newBuilder()
                        .setRequest(Values.request(e.request()))
                        .setAllocation(Values.allocation(e.allocation())));
            case NodeEvent.IpRequestAbandoned e ->
                to.setIpRequestAbandoned(IpRequestAbandoned.newBuilder()
                        .setRequest(Values.request(e.request()))
                        .setWhy(e.why()));
            case NodeEvent.WithdrawProposed e ->
                to.setWithdrawProposed(WithdrawProposed.newBuilder()
                        .setWishId(e.wish().value())
                        .addAllAddresses(texts(e.addresses())));
            case NodeEvent.WithdrawalCancelled e ->
                to.setWithdrawalCancelled(WithdrawalCancelled.newBuilder().addAllAddresses(texts(e.addresses())));
            case NodeEvent.AddressesWithdrawn e ->
                to.setAddressesWithdrawn(AddressesWithdrawn.newBuilder()
                        .setWishId(e.wish().value())
                        .addAllAddresses(texts(e.addresses())));
            case NodeEvent.UnassignIntended e ->
                to.setUnassignIntended(UnassignIntended.newBuilder().setIntent(Intents.unassign(e.intent())));
            case NodeEvent.AddressesUnassigned e ->
                to.setAddressesUnassigned(AddressesUnassigned.newBuilder()
                        .setIntentId(e.intent().value())
                        .setEniId(e.eni().value())
                        .addAllAddresses(texts(e.addresses())));
            case NodeEvent.StrayEniFound e ->
                to.setStrayEniFound(StrayEniFound.newBuilder()
                        .setEniId(e.eni().value())
                        .setMac(e.mac().value())
                        .setVSwitchId(e.vSwitch().value())
                        .setPrimary(e.primary().value())
                        .setMadeForIntentId(e.madeFor().map(IntentId::value).orElse("")));
            case NodeEvent.StrayAddressesFound e ->
                to.setStrayAddressesFound(StrayAddressesFound.newBuilder()
                        .setEniId(e.eni().value())
                        .addAllAddresses(texts(e.addresses())));
            case NodeEvent.NodeLost e -> to.setNodeLost(Values.lost(e.evidence()));
            case NodeEvent.NodeReturned e -> to.setNodeReturned(NodeReturned.getDefaultInstance());
            case NodeEvent.NodeReplaced e ->
                to.setNodeReplaced(NodeReplaced.newBuilder()
                        .setBefore(Values.incarnation(e.before()))
                        .setNow(Values.incarnation(e.now()))
                        .setBootId(e.boot().value()));
            case NodeEvent.NodeRetired e ->
                to.setNodeRetired(NodeRetired.newBuilder()
                        .setIncarnation(Values.incarnation(e.incarnation()))
                        .setWhy(e.why()));
        }
    }
}
