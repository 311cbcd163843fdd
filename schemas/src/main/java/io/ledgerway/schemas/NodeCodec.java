package io.ledgerway.schemas;

import static io.ledgerway.schemas.Values.instant;
import static io.ledgerway.schemas.Values.time;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.schemas.node.v1.AddressState;
import io.ledgerway.schemas.node.v1.EndpointState;
import io.ledgerway.schemas.node.v1.EniState;
import io.ledgerway.schemas.node.v1.Granted;
import io.ledgerway.schemas.node.v1.MissingEndpoint;
import io.ledgerway.schemas.node.v1.PresentEndpoint;
import java.util.Optional;

/// The parts of a node's state as the node API carries them, and back.
public final class NodeCodec {

    private NodeCodec() {}

    public static io.ledgerway.schemas.node.v1.Eni eni(Eni value) {
        var to = io.ledgerway.schemas.node.v1.Eni.newBuilder()
                .setId(value.id().value())
                .setMac(value.mac().value())
                .setVSwitchId(value.vSwitch().value())
                .setPrimary(value.primary().value());
        switch (value.state()) {
            case Eni.Available s -> to.setState(EniState.ENI_STATE_AVAILABLE);
            case Eni.Attaching s -> to.setState(EniState.ENI_STATE_ATTACHING);
            case Eni.Attached s -> to.setState(EniState.ENI_STATE_ATTACHED).setDeviceIndex(s.deviceIndex());
            case Eni.Detaching s ->
                to.setState(EniState.ENI_STATE_DETACHING)
                        .setDetachingFrom(s.from().value());
            case Eni.Deleting s -> to.setState(EniState.ENI_STATE_DELETING);
        }
        return to.build();
    }

    public static Eni eni(io.ledgerway.schemas.node.v1.Eni value) {
        var state = switch (value.getState()) {
            case ENI_STATE_AVAILABLE -> new Eni.Available();
            case ENI_STATE_ATTACHING -> new Eni.Attaching();
            case ENI_STATE_ATTACHED -> new Eni.Attached(value.getDeviceIndex());
            case ENI_STATE_DETACHING -> new Eni.Detaching(new InstanceId(value.getDetachingFrom()));
            case ENI_STATE_DELETING -> new Eni.Deleting();
            case ENI_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException(
                        "state of ENI " + value.getId() + ": unknown value " + value.getStateValue());
        };
        return new Eni(
                new EniId(value.getId()),
                new MacAddress(value.getMac()),
                new VSwitchId(value.getVSwitchId()),
                new IpAddress(value.getPrimary()),
                state);
    }

    public static io.ledgerway.schemas.node.v1.Address address(IpAddress ip, Address value) {
        var to = io.ledgerway.schemas.node.v1.Address.newBuilder()
                .setIp(ip.value())
                .setEniId(value.eni().value());
        switch (value) {
            case Address.Arriving s -> to.setState(AddressState.ADDRESS_STATE_ARRIVING);
            case Address.Idle s -> to.setState(AddressState.ADDRESS_STATE_IDLE);
            case Address.Bound s ->
                to.setState(AddressState.ADDRESS_STATE_BOUND).setAttachment(Values.attachment(s.attachment()));
            case Address.Cooling s ->
                to.setState(AddressState.ADDRESS_STATE_COOLING).setCoolingUntil(time(s.until()));
            case Address.Withdrawing s ->
                to.setState(AddressState.ADDRESS_STATE_WITHDRAWING)
                        .setWishId(s.wish().value());
            case Address.Withdrawn s -> to.setState(AddressState.ADDRESS_STATE_WITHDRAWN);
            case Address.Stranded s -> {
                to.setState(AddressState.ADDRESS_STATE_STRANDED);
                s.attachment().ifPresent(attachment -> to.setAttachment(Values.attachment(attachment)));
            }
        }
        return to.build();
    }

    public static Address address(io.ledgerway.schemas.node.v1.Address value) {
        var eni = new EniId(value.getEniId());
        return switch (value.getState()) {
            case ADDRESS_STATE_ARRIVING -> new Address.Arriving(eni);
            case ADDRESS_STATE_IDLE -> new Address.Idle(eni);
            case ADDRESS_STATE_BOUND -> new Address.Bound(eni, Values.attachment(value.getAttachment()));
            case ADDRESS_STATE_COOLING -> new Address.Cooling(eni, instant(value.getCoolingUntil()));
            case ADDRESS_STATE_WITHDRAWING -> new Address.Withdrawing(eni, new WishId(value.getWishId()));
            case ADDRESS_STATE_WITHDRAWN -> new Address.Withdrawn(eni);
            case ADDRESS_STATE_STRANDED ->
                new Address.Stranded(
                        eni,
                        value.hasAttachment()
                                ? Optional.of(Values.attachment(value.getAttachment()))
                                : Optional.empty());
            case ADDRESS_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException(
                        "state of address " + value.getIp() + ": unknown value " + value.getStateValue());
        };
    }

    public static io.ledgerway.schemas.node.v1.Endpoint endpoint(Endpoint value) {
        var to = io.ledgerway.schemas.node.v1.Endpoint.newBuilder().setRequest(Values.request(value.request()));
        switch (value) {
            case Endpoint.Queued s ->
                to.setState(EndpointState.ENDPOINT_STATE_QUEUED)
                        .setWaitsFor(s.waitsFor().map(IntentId::value).orElse(""));
            case Endpoint.Allocated s ->
                to.setState(EndpointState.ENDPOINT_STATE_ALLOCATED).setAllocation(Values.allocation(s.allocation()));
            case Endpoint.Ready s ->
                to.setState(EndpointState.ENDPOINT_STATE_READY)
                        .setAllocation(Values.allocation(s.allocation()))
                        .setHostInterface(s.hostInterface());
            case Endpoint.Releasing s ->
                to.setState(EndpointState.ENDPOINT_STATE_RELEASING).setAllocation(Values.allocation(s.allocation()));
        }
        return to.build();
    }

    public static Endpoint endpoint(io.ledgerway.schemas.node.v1.Endpoint value) {
        var request = Values.request(value.getRequest());
        return switch (value.getState()) {
            case ENDPOINT_STATE_QUEUED ->
                new Endpoint.Queued(
                        request,
                        value.getWaitsFor().isEmpty()
                                ? Optional.empty()
                                : Optional.of(new IntentId(value.getWaitsFor())));
            case ENDPOINT_STATE_ALLOCATED -> new Endpoint.Allocated(request, Values.allocation(value.getAllocation()));
            case ENDPOINT_STATE_READY ->
                new Endpoint.Ready(request, Values.allocation(value.getAllocation()), value.getHostInterface());
            case ENDPOINT_STATE_RELEASING -> new Endpoint.Releasing(request, Values.allocation(value.getAllocation()));
            case ENDPOINT_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("state of the endpoint of " + request.attachment()
                        + ": unknown value " + value.getStateValue());
        };
    }

    public static Granted granted(NodeAnswer.Granted value) {
        return Granted.newBuilder()
                .setRequest(Values.request(value.request()))
                .setAllocation(Values.allocation(value.allocation()))
                .setEni(eni(value.eni()))
                .setVSwitch(Values.vSwitch(value.vSwitch()))
                .build();
    }

    public static NodeAnswer.Granted granted(Granted value) {
        return new NodeAnswer.Granted(
                Values.request(value.getRequest()),
                Values.allocation(value.getAllocation()),
                eni(value.getEni()),
                Values.vSwitch(value.getVSwitch()));
    }

    public static io.ledgerway.schemas.node.v1.JournalMark mark(JournalMark value) {
        var mark = io.ledgerway.schemas.node.v1.JournalMark.newBuilder()
                .setJournalId(value.journal().value())
                .setSequence(value.sequence());
        value.run().ifPresent(mark::setRun);
        return mark.build();
    }

    public static JournalMark mark(io.ledgerway.schemas.node.v1.JournalMark value) {
        return new JournalMark(
                new JournalId(value.getJournalId()),
                value.getSequence(),
                value.hasRun() ? Optional.of(value.getRun()) : Optional.empty());
    }

    public static PresentEndpoint present(Present value) {
        return PresentEndpoint.newBuilder()
                .setRequest(Values.request(value.request()))
                .setAllocation(Values.allocation(value.allocation()))
                .setHostInterface(value.hostInterface())
                .build();
    }

    public static Present present(PresentEndpoint value) {
        return new Present(
                Values.request(value.getRequest()), Values.allocation(value.getAllocation()), value.getHostInterface());
    }

    public static MissingEndpoint missing(Missing value) {
        return MissingEndpoint.newBuilder()
                .setAttachment(Values.attachment(value.attachment()))
                .setSandboxId(value.sandbox().value())
                .build();
    }

    public static Missing missing(MissingEndpoint value) {
        return new Missing(Values.attachment(value.getAttachment()), new SandboxId(value.getSandboxId()));
    }
}
