package io.ledgerway.schemas;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeCapacity;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.domain.node.VSwitch;
import io.ledgerway.schemas.event.v1.Attachment;
import io.ledgerway.schemas.event.v1.CloudFailure;
import io.ledgerway.schemas.event.v1.CloudFailureKind;
import io.ledgerway.schemas.event.v1.Dns;
import io.ledgerway.schemas.event.v1.LossEvidenceKind;
import io.ledgerway.schemas.event.v1.NodeLost;
import io.ledgerway.schemas.event.v1.PoolMode;
import io.ledgerway.schemas.event.v1.RejectionReason;
import io.ledgerway.schemas.event.v1.Time;
import io.ledgerway.schemas.event.v1.VSwitchSelection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The domain's values as messages and back. A message that says nothing the domain can hold throws
/// `IllegalArgumentException` with the field's name.
public final class Values {

    private Values() {}

    public static Time time(Instant instant) {
        return Time.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    public static Instant instant(Time time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    public static io.ledgerway.schemas.event.v1.Incarnation incarnation(Incarnation value) {
        return io.ledgerway.schemas.event.v1.Incarnation.newBuilder()
                .setClusterId(value.cluster().value())
                .setNode(value.node().value())
                .setInstanceId(value.instance().value())
                .build();
    }

    public static Incarnation incarnation(io.ledgerway.schemas.event.v1.Incarnation value) {
        return new Incarnation(
                new ClusterId(value.getClusterId()),
                new NodeName(value.getNode()),
                new InstanceId(value.getInstanceId()));
    }

    public static Attachment attachment(AttachmentId value) {
        return Attachment.newBuilder()
                .setPodUid(value.pod().value())
                .setInterfaceName(value.interfaceName())
                .build();
    }

    public static AttachmentId attachment(Attachment value) {
        return new AttachmentId(new PodUid(value.getPodUid()), value.getInterfaceName());
    }

    public static io.ledgerway.schemas.event.v1.PodRequest request(PodRequest value) {
        return io.ledgerway.schemas.event.v1.PodRequest.newBuilder()
                .setAttachment(attachment(value.attachment()))
                .setSandboxId(value.sandbox().value())
                .setNamespace(value.namespace())
                .setPodName(value.podName())
                .setDns(Dns.newBuilder()
                        .addAllNameservers(value.dns().nameservers())
                        .setDomain(value.dns().domain())
                        .addAllSearch(value.dns().search())
                        .addAllOptions(value.dns().options()))
                .build();
    }

    public static PodRequest request(io.ledgerway.schemas.event.v1.PodRequest value) {
        var dns = value.getDns();
        return new PodRequest(
                attachment(value.getAttachment()),
                new SandboxId(value.getSandboxId()),
                value.getNamespace(),
                value.getPodName(),
                new PodRequest.Dns(
                        dns.getNameserversList(), dns.getDomain(), dns.getSearchList(), dns.getOptionsList()));
    }

    public static io.ledgerway.schemas.event.v1.Allocation allocation(Allocation value) {
        return io.ledgerway.schemas.event.v1.Allocation.newBuilder()
                .setEniId(value.eni().value())
                .addAllAddresses(texts(value.addresses()))
                .setWholeEni(value instanceof Allocation.WholeEni)
                .build();
    }

    public static Allocation allocation(io.ledgerway.schemas.event.v1.Allocation value) {
        var eni = new EniId(value.getEniId());
        var addresses = addresses(value.getAddressesList());
        return value.getWholeEni() ? new Allocation.WholeEni(eni, addresses) : new Allocation.SharedEni(eni, addresses);
    }

    public static io.ledgerway.schemas.event.v1.PoolTarget target(PoolTarget value) {
        return io.ledgerway.schemas.event.v1.PoolTarget.newBuilder()
                .setLowWatermark(value.lowWatermark())
                .setHighWatermark(value.highWatermark())
                .setOfflineReserve(value.offlineReserve())
                .setBatch(value.batch())
                .setCoolDownMillis(value.coolDown().toMillis())
                .addAllVSwitchIds(
                        value.vSwitches().stream().map(VSwitchId::value).toList())
                .setSelection(
                        switch (value.selection()) {
                            case ORDERED -> VSwitchSelection.V_SWITCH_SELECTION_ORDERED;
                            case MOST -> VSwitchSelection.V_SWITCH_SELECTION_MOST;
                        })
                .addAllSecurityGroupIds(value.securityGroups().stream()
                        .map(SecurityGroupId::value)
                        .toList())
                .setMode(
                        switch (value.mode()) {
                            case SHARED -> PoolMode.POOL_MODE_UNSPECIFIED;
                            case EXCLUSIVE -> PoolMode.POOL_MODE_EXCLUSIVE;
                        })
                .build();
    }

    public static PoolTarget target(io.ledgerway.schemas.event.v1.PoolTarget value) {
        return new PoolTarget(
                value.getLowWatermark(),
                value.getHighWatermark(),
                value.getOfflineReserve(),
                value.getBatch(),
                Duration.ofMillis(value.getCoolDownMillis()),
                value.getVSwitchIdsList().stream().map(VSwitchId::new).toList(),
                switch (value.getSelection()) {
                    case V_SWITCH_SELECTION_ORDERED -> PoolTarget.VSwitchSelection.ORDERED;
                    case V_SWITCH_SELECTION_MOST -> PoolTarget.VSwitchSelection.MOST;
                    case V_SWITCH_SELECTION_UNSPECIFIED, UNRECOGNIZED ->
                        throw new IllegalArgumentException("selection: unknown value " + value.getSelectionValue());
                },
                value.getSecurityGroupIdsList().stream()
                        .map(SecurityGroupId::new)
                        .toList(),
                switch (value.getMode()) {
                    case POOL_MODE_UNSPECIFIED -> PoolTarget.Mode.SHARED;
                    case POOL_MODE_EXCLUSIVE -> PoolTarget.Mode.EXCLUSIVE;
                    case UNRECOGNIZED ->
                        throw new IllegalArgumentException("mode: unknown value " + value.getModeValue());
                });
    }

    static io.ledgerway.schemas.event.v1.NodeCapacity capacity(NodeCapacity value) {
        return io.ledgerway.schemas.event.v1.NodeCapacity.newBuilder()
                .setInstanceType(value.instanceType())
                .setZone(value.zone())
                .setEniQuantity(value.eniQuantity())
                .setIpv4PerEni(value.ipv4PerEni())
                .setIpv6PerEni(value.ipv6PerEni())
                .setEnisNotOurs(value.enisNotOurs())
                .build();
    }

    static NodeCapacity capacity(io.ledgerway.schemas.event.v1.NodeCapacity value) {
        return new NodeCapacity(
                value.getInstanceType(),
                value.getZone(),
                value.getEniQuantity(),
                value.getIpv4PerEni(),
                value.getIpv6PerEni(),
                value.getEnisNotOurs());
    }

    public static io.ledgerway.schemas.event.v1.VSwitch vSwitch(VSwitch value) {
        var builder = io.ledgerway.schemas.event.v1.VSwitch.newBuilder()
                .setId(value.id().value())
                .setCidr(value.cidr().toString())
                .setZone(value.zone())
                .setAvailable(value.available());
        value.blockedUntil().ifPresent(until -> builder.setBlockedUntil(time(until)));
        return builder.build();
    }

    public static VSwitch vSwitch(io.ledgerway.schemas.event.v1.VSwitch value) {
        return new VSwitch(
                new VSwitchId(value.getId()),
                Cidr.parse(value.getCidr()),
                value.getZone(),
                value.getAvailable(),
                value.hasBlockedUntil() ? Optional.of(instant(value.getBlockedUntil())) : Optional.empty());
    }

    public static io.ledgerway.schemas.event.v1.Rejection rejection(Rejection value) {
        return io.ledgerway.schemas.event.v1.Rejection.newBuilder()
                .setReason(
                        switch (value.reason()) {
                            case NODE_NOT_REGISTERED -> RejectionReason.REJECTION_REASON_NODE_NOT_REGISTERED;
                            case OTHER_INCARNATION -> RejectionReason.REJECTION_REASON_OTHER_INCARNATION;
                            case NODE_FULL -> RejectionReason.REJECTION_REASON_NODE_FULL;
                            case CLOUD_REFUSES -> RejectionReason.REJECTION_REASON_CLOUD_REFUSES;
                            case BEING_RELEASED -> RejectionReason.REJECTION_REASON_BEING_RELEASED;
                            case LATE_COMMAND -> RejectionReason.REJECTION_REASON_LATE_COMMAND;
                            case NODE_RETIRED -> RejectionReason.REJECTION_REASON_NODE_RETIRED;
                            case NODE_IN_USE -> RejectionReason.REJECTION_REASON_NODE_IN_USE;
                        })
                .setMessage(value.message())
                .build();
    }

    public static Rejection rejection(io.ledgerway.schemas.event.v1.Rejection value) {
        var reason = switch (value.getReason()) {
            case REJECTION_REASON_NODE_NOT_REGISTERED -> Rejection.Reason.NODE_NOT_REGISTERED;
            case REJECTION_REASON_OTHER_INCARNATION -> Rejection.Reason.OTHER_INCARNATION;
            case REJECTION_REASON_NODE_FULL -> Rejection.Reason.NODE_FULL;
            case REJECTION_REASON_CLOUD_REFUSES -> Rejection.Reason.CLOUD_REFUSES;
            case REJECTION_REASON_BEING_RELEASED -> Rejection.Reason.BEING_RELEASED;
            case REJECTION_REASON_LATE_COMMAND -> Rejection.Reason.LATE_COMMAND;
            case REJECTION_REASON_NODE_RETIRED -> Rejection.Reason.NODE_RETIRED;
            case REJECTION_REASON_NODE_IN_USE -> Rejection.Reason.NODE_IN_USE;
            case REJECTION_REASON_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("reason: unknown value " + value.getReasonValue());
        };
        return new Rejection(reason, value.getMessage());
    }

    static CloudFailure failure(CloudOutcome.Failed value) {
        return CloudFailure.newBuilder()
                .setKind(
                        switch (value.kind()) {
                            case RETRY -> CloudFailureKind.CLOUD_FAILURE_KIND_RETRY;
                            case TOKEN_FAILED -> CloudFailureKind.CLOUD_FAILURE_KIND_TOKEN_FAILED;
                            case VSWITCH_EXHAUSTED -> CloudFailureKind.CLOUD_FAILURE_KIND_V_SWITCH_EXHAUSTED;
                            case LIMIT_REACHED -> CloudFailureKind.CLOUD_FAILURE_KIND_LIMIT_REACHED;
                            case REFUSED -> CloudFailureKind.CLOUD_FAILURE_KIND_REFUSED;
                            case EXPIRED -> CloudFailureKind.CLOUD_FAILURE_KIND_EXPIRED;
                        })
                .setCode(value.code())
                .setMessage(value.message())
                .setRetryAfterMillis(value.retryAfter().toMillis())
                .build();
    }

    static CloudOutcome.Failed failure(CloudFailure value) {
        var kind = switch (value.getKind()) {
            case CLOUD_FAILURE_KIND_RETRY -> CloudOutcome.Kind.RETRY;
            case CLOUD_FAILURE_KIND_TOKEN_FAILED -> CloudOutcome.Kind.TOKEN_FAILED;
            case CLOUD_FAILURE_KIND_V_SWITCH_EXHAUSTED -> CloudOutcome.Kind.VSWITCH_EXHAUSTED;
            case CLOUD_FAILURE_KIND_LIMIT_REACHED -> CloudOutcome.Kind.LIMIT_REACHED;
            case CLOUD_FAILURE_KIND_REFUSED -> CloudOutcome.Kind.REFUSED;
            case CLOUD_FAILURE_KIND_EXPIRED -> CloudOutcome.Kind.EXPIRED;
            case CLOUD_FAILURE_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("kind: unknown value " + value.getKindValue());
        };
        return new CloudOutcome.Failed(
                kind, value.getCode(), value.getMessage(), Duration.ofMillis(value.getRetryAfterMillis()));
    }

    static NodeLost lost(LossEvidence value) {
        return NodeLost.newBuilder()
                .setKind(
                        switch (value.kind()) {
                            case INSTANCE_STOPPED -> LossEvidenceKind.LOSS_EVIDENCE_KIND_INSTANCE_STOPPED;
                            case INSTANCE_GONE -> LossEvidenceKind.LOSS_EVIDENCE_KIND_INSTANCE_GONE;
                            case NODE_DELETED -> LossEvidenceKind.LOSS_EVIDENCE_KIND_NODE_DELETED;
                            case OPERATOR -> LossEvidenceKind.LOSS_EVIDENCE_KIND_OPERATOR;
                        })
                .setDetail(value.detail())
                .build();
    }

    static LossEvidence evidence(NodeLost value) {
        var kind = switch (value.getKind()) {
            case LOSS_EVIDENCE_KIND_INSTANCE_STOPPED -> LossEvidence.Kind.INSTANCE_STOPPED;
            case LOSS_EVIDENCE_KIND_INSTANCE_GONE -> LossEvidence.Kind.INSTANCE_GONE;
            case LOSS_EVIDENCE_KIND_NODE_DELETED -> LossEvidence.Kind.NODE_DELETED;
            case LOSS_EVIDENCE_KIND_OPERATOR -> LossEvidence.Kind.OPERATOR;
            case LOSS_EVIDENCE_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("evidence: unknown value " + value.getKindValue());
        };
        return new LossEvidence(kind, value.getDetail());
    }

    static List<String> texts(List<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::value).toList();
    }

    static List<IpAddress> addresses(List<String> texts) {
        return texts.stream().map(IpAddress::new).toList();
    }
}
