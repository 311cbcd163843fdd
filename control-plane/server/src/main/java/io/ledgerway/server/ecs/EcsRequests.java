package io.ledgerway.server.ecs;

import com.aliyuncs.ecs.model.v20140526.AssignPrivateIpAddressesRequest;
import com.aliyuncs.ecs.model.v20140526.AttachNetworkInterfaceRequest;
import com.aliyuncs.ecs.model.v20140526.CreateNetworkInterfaceRequest;
import com.aliyuncs.ecs.model.v20140526.DeleteNetworkInterfaceRequest;
import com.aliyuncs.ecs.model.v20140526.DetachNetworkInterfaceRequest;
import com.aliyuncs.ecs.model.v20140526.UnassignPrivateIpAddressesRequest;
import java.time.Instant;
import java.util.Optional;

/// Our calls as the SDK's requests, each made anew: they are mutable and good for one use.
final class EcsRequests {
    private EcsRequests() {}

    static CreateNetworkInterfaceRequest of(EcsCall.CreateNetworkInterface call) {
        var request = new CreateNetworkInterfaceRequest();
        request.setClientToken(call.clientToken());
        request.setVSwitchId(call.vSwitchId());
        request.setSecurityGroupIdss(call.securityGroupIds());
        request.setInstanceType("Secondary");
        if (call.addresses() > 1) {
            // The cloud refuses a count of zero.
            request.setSecondaryPrivateIpAddressCount(call.addresses() - 1);
        }
        if (!call.description().isEmpty()) {
            request.setDescription(call.description());
        }
        request.setTags(call.tags().entrySet().stream()
                .map(entry -> {
                    var tag = new CreateNetworkInterfaceRequest.Tag();
                    tag.setKey(entry.getKey());
                    tag.setValue(entry.getValue());
                    return tag;
                })
                .toList());
        return request;
    }

    static AttachNetworkInterfaceRequest of(EcsCall.AttachNetworkInterface call) {
        var request = new AttachNetworkInterfaceRequest();
        request.setNetworkInterfaceId(call.networkInterfaceId());
        request.setInstanceId(call.instanceId());
        return request;
    }

    static DetachNetworkInterfaceRequest of(EcsCall.DetachNetworkInterface call) {
        var request = new PinnedDetach(call.signedAt());
        request.setNetworkInterfaceId(call.networkInterfaceId());
        request.setInstanceId(call.instanceId());
        return request;
    }

    static DeleteNetworkInterfaceRequest of(EcsCall.DeleteNetworkInterface call) {
        var request = new PinnedDelete(call.signedAt());
        request.setNetworkInterfaceId(call.networkInterfaceId());
        return request;
    }

    static AssignPrivateIpAddressesRequest of(EcsCall.AssignPrivateIpAddresses call) {
        var request = new AssignPrivateIpAddressesRequest();
        request.setClientToken(call.clientToken());
        request.setNetworkInterfaceId(call.networkInterfaceId());
        request.setSecondaryPrivateIpAddressCount(call.count());
        return request;
    }

    static UnassignPrivateIpAddressesRequest of(EcsCall.UnassignPrivateIpAddresses call) {
        var request = new PinnedUnassign(call.signedAt());
        request.setNetworkInterfaceId(call.networkInterfaceId());
        request.setPrivateIpAddresss(call.addresses());
        return request;
    }

    private static final class PinnedDetach extends DetachNetworkInterfaceRequest {
        private final Optional<Instant> signedAt;

        PinnedDetach(Optional<Instant> signedAt) {
            this.signedAt = signedAt;
        }

        @Override
        public void resolveSignatureComposer() {
            super.resolveSignatureComposer();
            signedAt.ifPresent(time -> composer = new PinnedTimestamp(composer, time));
        }
    }

    private static final class PinnedDelete extends DeleteNetworkInterfaceRequest {
        private final Optional<Instant> signedAt;

        PinnedDelete(Optional<Instant> signedAt) {
            this.signedAt = signedAt;
        }

        @Override
        public void resolveSignatureComposer() {
            super.resolveSignatureComposer();
            signedAt.ifPresent(time -> composer = new PinnedTimestamp(composer, time));
        }
    }

    private static final class PinnedUnassign extends UnassignPrivateIpAddressesRequest {
        private final Optional<Instant> signedAt;

        PinnedUnassign(Optional<Instant> signedAt) {
            this.signedAt = signedAt;
        }

        @Override
        public void resolveSignatureComposer() {
            super.resolveSignatureComposer();
            signedAt.ifPresent(time -> composer = new PinnedTimestamp(composer, time));
        }
    }
}
