package io.ledgerway.node.controlplane;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.schemas.NodeCodec;
import io.ledgerway.schemas.Values;
import io.ledgerway.schemas.node.v1.AllocateIpResponse;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import java.util.LinkedHashMap;
import java.util.Optional;

/// The node API's messages as the executor's own values, and back.
public final class Wire {

    private Wire() {}

    public static Position position(io.ledgerway.schemas.node.v1.Position value) {
        return new Position(value.getPartition(), value.getSequence(), value.getEpoch());
    }

    public static io.ledgerway.schemas.node.v1.Position position(Position value) {
        return io.ledgerway.schemas.node.v1.Position.newBuilder()
                .setPartition(value.partition())
                .setSequence(value.sequence())
                .setEpoch(value.epoch())
                .build();
    }

    public static StateChange change(WatchDesiredStateResponse value) {
        var addresses = new LinkedHashMap<IpAddress, Address>();
        value.getAddressesList()
                .forEach(address -> addresses.put(new IpAddress(address.getIp()), NodeCodec.address(address)));
        return new StateChange(
                position(value.getPosition()),
                value.getWhole(),
                value.getEnisList().stream().map(NodeCodec::eni).toList(),
                value.getRemovedEnisList().stream().map(EniId::new).toList(),
                addresses,
                value.getRemovedAddressesList().stream().map(IpAddress::new).toList(),
                value.getEndpointsList().stream().map(NodeCodec::endpoint).toList(),
                value.getRemovedEndpointsList().stream().map(Values::attachment).toList(),
                value.getVSwitchesList().stream().map(Values::vSwitch).toList(),
                value.hasTarget() ? Optional.of(Values.target(value.getTarget())) : Optional.empty());
    }

    public static WatchDesiredStateResponse change(StateChange value) {
        var to = WatchDesiredStateResponse.newBuilder()
                .setPosition(position(value.position()))
                .setWhole(value.whole());
        value.enis().forEach(eni -> to.addEnis(NodeCodec.eni(eni)));
        value.removedEnis().forEach(eni -> to.addRemovedEnis(eni.value()));
        value.addresses().forEach((ip, address) -> to.addAddresses(NodeCodec.address(ip, address)));
        value.removedAddresses().forEach(ip -> to.addRemovedAddresses(ip.value()));
        value.endpoints().forEach(endpoint -> to.addEndpoints(NodeCodec.endpoint(endpoint)));
        value.removedEndpoints().forEach(attachment -> to.addRemovedEndpoints(Values.attachment(attachment)));
        value.vSwitches().forEach(vSwitch -> to.addVSwitches(Values.vSwitch(vSwitch)));
        value.target().ifPresent(target -> to.setTarget(Values.target(target)));
        return to.build();
    }

    static ControlPlane.AllocateAnswer answer(AllocateIpResponse value) throws Unanswered {
        var at = position(value.getPosition());
        return switch (value.getAnswerCase()) {
            case GRANTED -> {
                var granted = NodeCodec.granted(value.getGranted());
                yield new ControlPlane.Granted(
                        at, granted.request(), granted.allocation(), granted.eni(), granted.vSwitch());
            }
            case QUEUED -> {
                var waitsFor = value.getQueued().getWaitsFor();
                yield new ControlPlane.Queued(
                        at, waitsFor.isEmpty() ? Optional.empty() : Optional.of(new IntentId(waitsFor)));
            }
            case REJECTED -> new ControlPlane.Rejected(at, Values.rejection(value.getRejected()));
            case CANDIDATE_REFUSED ->
                new ControlPlane.CandidateRefused(
                        at, value.getCandidateRefused().getWhy());
            case ANSWER_NOT_SET ->
                throw new Unanswered(
                        Unanswered.Kind.REFUSED,
                        "the control plane answered AllocateIp at " + at
                                + " with something that this executor does not know; update the executor");
        };
    }
}
