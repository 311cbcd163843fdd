package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.Json.object;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.OwnershipEvent;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cluster.ClusterEvent;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeCapacity;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.domain.node.VSwitch;
import java.util.Optional;
import java.util.SequencedMap;

/// Events as JSON for people. The log itself is Protobuf; nothing reads this back into an event.
public final class EventJson {

    private EventJson() {}

    /// The event's name in the field's words, as the schema has it too.
    public static String type(DomainEvent event) {
        return event.getClass().getSimpleName();
    }

    public static SequencedMap<String, Object> of(Envelope envelope) {
        return object(
                "cluster", envelope.cluster(),
                "stream", envelope.stream(),
                "partition", envelope.partition(),
                "sequence", envelope.sequence(),
                "id", envelope.id(),
                "type", type(envelope.event()),
                "causation", envelope.causation(),
                "correlation", envelope.correlation(),
                "actor", envelope.actor(),
                "validFrom", envelope.validFrom(),
                "recordedAt", envelope.recordedAt(),
                "cloudRequestId", envelope.cloudRequestId(),
                "schemaVersion", envelope.schemaVersion(),
                "previousHash", envelope.previousHash(),
                "event", of(envelope.event()));
    }

    public static SequencedMap<String, Object> of(DomainEvent event) {
        return switch (event) {
            case NodeEvent e -> of(e);
            case ClusterEvent.ClusterCreated e -> object("cluster", e.cluster(), "partitions", e.partitions());
            case ClusterEvent.StreamPlaced e -> object("stream", e.stream(), "partition", e.partition());
            case OwnershipEvent.OwnerStarted e ->
                object("partition", e.partition(), "epoch", e.epoch(), "address", e.address());
        };
    }

    private static SequencedMap<String, Object> of(NodeEvent event) {
        return switch (event) {
            case NodeEvent.NodeRegistered e -> object("incarnation", incarnation(e.incarnation()), "boot", e.boot());
            case NodeEvent.NodeBooted e -> object("boot", e.boot(), "coolUntil", e.coolUntil());
            case NodeEvent.ExecutorConnected e -> object("run", e.run(), "version", e.version());
            case NodeEvent.ExecutorRestarted e -> object("run", e.run(), "version", e.version());
            case NodeEvent.PoolConfigured e -> object("target", target(e.target()));
            case NodeEvent.CapacityLearnt e ->
                object(
                        "capacity", capacity(e.capacity()),
                        "vSwitches",
                                e.vSwitches().stream().map(EventJson::vSwitch).toList());
            case NodeEvent.EniCreationIntended e -> object("intent", intent(e.intent()));
            case NodeEvent.EniCreated e ->
                object(
                        "intent", e.intent(),
                        "eni", e.eni(),
                        "mac", e.mac(),
                        "vSwitch", e.vSwitch(),
                        "primary", e.primary(),
                        "secondary", e.secondary());
            case NodeEvent.EniAttachIntended e -> object("intent", intent(e.intent()));
            case NodeEvent.EniAttached e ->
                object("intent", e.intent(), "eni", e.eni(), "deviceIndex", e.deviceIndex());
            case NodeEvent.RefillDecided e -> object("intent", intent(e.intent()));
            case NodeEvent.AddressesAssigned e ->
                object("intent", e.intent(), "eni", e.eni(), "addresses", e.addresses());
            case NodeEvent.StrayEniFound e ->
                object(
                        "eni", e.eni(),
                        "mac", e.mac(),
                        "vSwitch", e.vSwitch(),
                        "primary", e.primary(),
                        "madeFor", e.madeFor());
            case NodeEvent.StrayAddressesFound e -> object("eni", e.eni(), "addresses", e.addresses());
            case NodeEvent.EniDetachIntended e -> object("intent", intent(e.intent()));
            case NodeEvent.EniDetached e -> object("intent", e.intent(), "eni", e.eni());
            case NodeEvent.EniDeletionIntended e -> object("intent", intent(e.intent()));
            case NodeEvent.EniDeleted e -> object("intent", e.intent(), "eni", e.eni());
            case NodeEvent.CloudAttemptFailed e ->
                object(
                        "intent", e.intent(),
                        "failure", failure(e.failure()),
                        "retryAt", e.retryAt(),
                        "newToken", e.newToken(),
                        "newTime", e.newTime());
            case NodeEvent.CloudIntentAbandoned e ->
                object(
                        "intent", e.intent(),
                        "failure", failure(e.failure()),
                        "growthBlockedUntil", e.growthBlockedUntil());
            case NodeEvent.VSwitchExhausted e -> object("vSwitch", e.vSwitch(), "blockedUntil", e.blockedUntil());
            case NodeEvent.GrowthReopened e -> object("at", e.at());
            case NodeEvent.AddressesCooled e -> object("addresses", e.addresses());
            case NodeEvent.IpAllocated e ->
                object("request", request(e.request()), "allocation", allocation(e.allocation()));
            case NodeEvent.IpRequestQueued e -> object("request", request(e.request()), "waitsFor", e.waitsFor());
            case NodeEvent.IpRequestRejected e ->
                object(
                        "request", request(e.request()),
                        "reason", e.rejection().reason(),
                        "message", e.rejection().message());
            case NodeEvent.IpRequestCancelled e ->
                object("attachment", attachment(e.attachment()), "sandbox", e.sandbox());
            case NodeEvent.SandboxReplaced e ->
                object("attachment", attachment(e.attachment()), "before", e.before(), "now", e.now());
            case NodeEvent.IpReleased e -> object("attachment", attachment(e.attachment()), "sandbox", e.sandbox());
            case NodeEvent.EndpointReady e ->
                object(
                        "attachment", attachment(e.attachment()),
                        "sandbox", e.sandbox(),
                        "hostInterface", e.hostInterface());
            case NodeEvent.EndpointRemoved e ->
                object("attachment", attachment(e.attachment()), "sandbox", e.sandbox(), "coolUntil", e.coolUntil());
            case NodeEvent.EndpointAdopted e ->
                object(
                        "request", request(e.request()),
                        "allocation", allocation(e.allocation()),
                        "hostInterface", e.hostInterface());
            case NodeEvent.EndpointUnexplained e ->
                object("request", request(e.request()), "allocation", allocation(e.allocation()), "why", e.why());
            case NodeEvent.JournalStarted e -> object("journal", e.journal());
            case NodeEvent.JournalLost e -> object("before", e.before(), "now", e.now());
            case NodeEvent.AddressesHeldBack e -> object("addresses", e.addresses(), "coolUntil", e.coolUntil());
            case NodeEvent.JournalDrained e -> object("journal", e.journal(), "through", e.through());
            case NodeEvent.JournalEntryKept e ->
                object(
                        "incarnation", incarnation(e.incarnation()),
                        "journal", e.journal(),
                        "sequence", e.entry().sequence(),
                        "at", e.entry().at(),
                        "fact", fact(e.entry().fact()),
                        "why", e.why());
            case NodeEvent.AllocationReplaced e ->
                object(
                        "request", request(e.request()),
                        "before", allocation(e.before()),
                        "coolUntil", e.coolUntil(),
                        "now", allocation(e.now()));
            case NodeEvent.AllocationRevoked e ->
                object("request", request(e.request()), "allocation", allocation(e.allocation()));
            case NodeEvent.IpRequestAbandoned e -> object("request", request(e.request()), "why", e.why());
            case NodeEvent.WithdrawProposed e -> object("wish", e.wish(), "addresses", e.addresses());
            case NodeEvent.WithdrawalCancelled e -> object("addresses", e.addresses());
            case NodeEvent.AddressesWithdrawn e -> object("wish", e.wish(), "addresses", e.addresses());
            case NodeEvent.UnassignIntended e -> object("intent", intent(e.intent()));
            case NodeEvent.AddressesUnassigned e ->
                object("intent", e.intent(), "eni", e.eni(), "addresses", e.addresses());
            case NodeEvent.NodeLost e -> evidence(e.evidence());
            case NodeEvent.NodeReturned e -> object();
            case NodeEvent.NodeReplaced e ->
                object("before", incarnation(e.before()), "now", incarnation(e.now()), "boot", e.boot());
            case NodeEvent.NodeRetired e -> object("incarnation", incarnation(e.incarnation()), "why", e.why());
        };
    }

    static SequencedMap<String, Object> intent(CloudIntent intent) {
        return switch (intent) {
            case CloudIntent.CreateEni i ->
                object(
                        "type", "CreateEni",
                        "id", i.id(),
                        "intendedAt", i.intendedAt(),
                        "token", i.token(),
                        "vSwitch", i.vSwitch(),
                        "securityGroups", i.securityGroups(),
                        "addresses", i.addresses(),
                        "whole", Optional.of(true).filter(whole -> i.whole()));
            case CloudIntent.AttachEni i ->
                object(
                        "type", "AttachEni",
                        "id", i.id(),
                        "intendedAt", i.intendedAt(),
                        "eni", i.eni(),
                        "instance", i.instance());
            case CloudIntent.AssignAddresses i ->
                object(
                        "type", "AssignAddresses",
                        "id", i.id(),
                        "intendedAt", i.intendedAt(),
                        "token", i.token(),
                        "eni", i.eni(),
                        "count", i.count());
            case CloudIntent.UnassignAddresses i ->
                object(
                        "type", "UnassignAddresses",
                        "id", i.id(),
                        "intendedAt", i.intendedAt(),
                        "eni", i.eni(),
                        "addresses", i.addresses());
            case CloudIntent.DetachEni i ->
                object(
                        "type", "DetachEni",
                        "id", i.id(),
                        "intendedAt", i.intendedAt(),
                        "eni", i.eni(),
                        "instance", i.instance());
            case CloudIntent.DeleteEni i ->
                object("type", "DeleteEni", "id", i.id(), "intendedAt", i.intendedAt(), "eni", i.eni());
        };
    }

    private static SequencedMap<String, Object> fact(JournalFact fact) {
        return switch (fact) {
            case JournalFact.Booted f -> object("type", "Booted", "boot", f.boot());
            case JournalFact.Bound f ->
                object("type", "Bound", "request", request(f.request()), "allocation", allocation(f.allocation()));
            case JournalFact.Ready f ->
                object(
                        "type", "Ready",
                        "attachment", attachment(f.attachment()),
                        "sandbox", f.sandbox(),
                        "hostInterface", f.hostInterface());
            case JournalFact.Released f ->
                object("type", "Released", "attachment", attachment(f.attachment()), "sandbox", f.sandbox());
            case JournalFact.Removed f ->
                object("type", "Removed", "attachment", attachment(f.attachment()), "sandbox", f.sandbox());
            case JournalFact.Cooled f -> object("type", "Cooled", "addresses", f.addresses());
            case JournalFact.Abandoned f ->
                object("type", "Abandoned", "request", request(f.request()), "why", f.why());
            case JournalFact.WithdrawalConfirmed f ->
                object("type", "WithdrawalConfirmed", "wish", f.wish(), "addresses", f.addresses());
        };
    }

    static SequencedMap<String, Object> evidence(LossEvidence value) {
        return object("evidence", value.kind(), "detail", value.detail());
    }

    static SequencedMap<String, Object> mark(JournalMark value) {
        return object("journal", value.journal(), "sequence", value.sequence());
    }

    static SequencedMap<String, Object> incarnation(Incarnation value) {
        return object("cluster", value.cluster(), "node", value.node(), "instance", value.instance());
    }

    static SequencedMap<String, Object> attachment(AttachmentId value) {
        return object("pod", value.pod(), "interface", value.interfaceName());
    }

    static SequencedMap<String, Object> request(PodRequest value) {
        return object(
                "attachment", attachment(value.attachment()),
                "sandbox", value.sandbox(),
                "namespace", value.namespace(),
                "podName", value.podName(),
                "dns",
                        object(
                                "nameservers", value.dns().nameservers(),
                                "domain", value.dns().domain(),
                                "search", value.dns().search(),
                                "options", value.dns().options()));
    }

    static SequencedMap<String, Object> allocation(Allocation value) {
        return switch (value) {
            case Allocation.SharedEni shared ->
                object("type", "SharedEni", "eni", shared.eni(), "addresses", shared.addresses());
            case Allocation.WholeEni whole ->
                object("type", "WholeEni", "eni", whole.eni(), "addresses", whole.addresses());
        };
    }

    static SequencedMap<String, Object> target(PoolTarget value) {
        return object(
                "lowWatermark", value.lowWatermark(),
                "highWatermark", value.highWatermark(),
                "offlineReserve", value.offlineReserve(),
                "batch", value.batch(),
                "coolDown", value.coolDown(),
                "vSwitches", value.vSwitches(),
                "selection", value.selection(),
                "securityGroups", value.securityGroups(),
                "mode", value.mode());
    }

    static SequencedMap<String, Object> capacity(NodeCapacity value) {
        return object(
                "instanceType", value.instanceType(),
                "zone", value.zone(),
                "eniQuantity", value.eniQuantity(),
                "ipv4PerEni", value.ipv4PerEni(),
                "ipv6PerEni", value.ipv6PerEni(),
                "enisNotOurs", value.enisNotOurs());
    }

    static SequencedMap<String, Object> vSwitch(VSwitch value) {
        return object(
                "id", value.id(),
                "cidr", value.cidr(),
                "zone", value.zone(),
                "available", value.available(),
                "blockedUntil", value.blockedUntil());
    }

    static SequencedMap<String, Object> failure(CloudOutcome.Failed value) {
        return object(
                "kind", value.kind(),
                "code", value.code(),
                "message", value.message(),
                "retryAfter", value.retryAfter());
    }
}
