package io.ledgerway.node.calls;

import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.VSwitch;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// What the log says of an endpoint, as the kernel's half wants to be told.
final class Specs {

    private final int mtu;

    Specs(int mtu) {
        this.mtu = mtu;
    }

    static EndpointKey key(AttachmentId attachment) {
        return new EndpointKey(attachment.pod().value(), attachment.interfaceName());
    }

    static List<InetAddress> addresses(Allocation allocation) {
        return allocation.addresses().stream()
                .map(ip -> InetAddress.ofLiteral(ip.value()))
                .toList();
    }

    EndpointSpec spec(PodRequest request, Allocation allocation, Eni eni, VSwitch vSwitch, String netns)
            throws CallFailed {
        var link = link(eni, vSwitch);
        var addresses = addresses(allocation);
        var given = switch (allocation) {
            case Allocation.SharedEni shared -> new io.ledgerway.node.endpoint.Allocation.SharedEni(link, addresses);
            case Allocation.WholeEni whole -> new io.ledgerway.node.endpoint.Allocation.WholeEni(link, addresses);
        };
        return new EndpointSpec(key(request.attachment()), request.sandbox().value(), netns, given, mtu);
    }

    /// The same from the watched state, which may not show the ENI or its vSwitch yet.
    EndpointSpec spec(NodeState state, PodRequest request, Allocation allocation, String netns) throws CallFailed {
        var eni = state.enis().get(allocation.eni());
        var vSwitch = eni == null ? null : state.vSwitches().get(eni.vSwitch());
        if (vSwitch == null) {
            throw new CallFailed(
                    CallFailed.Reason.TRY_AGAIN,
                    request.attachment() + " was given " + allocation.addresses() + " on ENI " + allocation.eni()
                            + ", but the state at "
                            + state.position().map(Object::toString).orElse("no position")
                            + " does not describe " + (eni == null ? "that ENI" : "its vSwitch " + eni.vSwitch())
                            + "; try again later");
        }
        return spec(request, allocation, eni, vSwitch, netns);
    }

    private static io.ledgerway.node.endpoint.Eni link(Eni eni, VSwitch vSwitch) throws CallFailed {
        if (!(eni.state() instanceof Eni.Attached attached)) {
            throw new CallFailed(
                    CallFailed.Reason.TRY_AGAIN,
                    "ENI " + eni.id() + " is not attached to this node but " + eni.state() + "; try again later");
        }
        return new io.ledgerway.node.endpoint.Eni(
                eni.id().value(),
                MacAddress.of(eni.mac().value()),
                attached.deviceIndex(),
                InetAddress.ofLiteral(vSwitch.gateway().value()),
                Optional.of(InetAddress.ofLiteral(eni.primary().value())));
    }
}
