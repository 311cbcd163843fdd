package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.KernelObject.EniLink;
import io.ledgerway.node.endpoint.KernelObject.LinkReference;
import io.ledgerway.node.endpoint.KernelObject.PodLink;
import io.ledgerway.node.endpoint.KernelObject.Settings;
import io.ledgerway.node.kernel.Family;
import io.ledgerway.node.kernel.InterfaceAddress.Scope;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.Route;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// A veth pair per pod and policy routes on the node. The pod has its address alone, as a /32 or /128, and sees one
/// gateway per family, 169.254.1.1 or fe80::1, whose MAC is that of the node's end. Traffic to the pod is looked up in
/// `main`; traffic from it in the table of its ENI, so that it leaves by the one ENI that holds its address.
public final class VethDriver implements Driver {

    @Override
    public String name() {
        return "veth";
    }

    @Override
    public EndpointPlan plan(EndpointSpec spec) {
        List<InetAddress> addresses = addresses(spec);
        Eni eni = spec.allocation().eni();
        PodAttachment.VethPair pair = PlanParts.pair(spec, spec.key().interfaceName());
        PlanParts parts = new PlanParts(spec, addresses);
        inPod(parts, pair, addresses);
        parts.nodeToPod(pair);
        ofEni(parts, eni);
        parts.rulesToPod().rulesFromPod(eni);
        return parts.plan(
                pair,
                addresses.stream()
                        .map(address -> PlanParts.nodeAsGateway(Family.of(address)))
                        .toList());
    }

    private static List<InetAddress> addresses(EndpointSpec spec) {
        return switch (spec.allocation()) {
            case Allocation.SharedEni shared -> shared.addresses();
            case Allocation.WholeEni whole ->
                throw EndpointException.unsupported(
                        "the veth driver shares ENIs, and " + spec.key() + " was given the whole " + whole.eni());
            case Allocation.TrunkMember member ->
                throw EndpointException.unsupported("the veth driver shares ENIs, and " + spec.key()
                        + " was given the member " + member.eni() + " of a trunk");
        };
    }

    private static void inPod(PlanParts parts, PodAttachment.VethPair pair, List<InetAddress> addresses) {
        LinkReference link = new PodLink(pair.podName());
        parts.ipv6InPod(link).up(PodLink.LOOPBACK, link);
        for (InetAddress address : addresses) {
            InetAddress gateway = PlanParts.nodeAsGateway(Family.of(address));
            parts.address(link, address, IpPrefix.single(address).length(), Scope.GLOBAL)
                    .route(link, IpPrefix.everythingLike(address), Optional.of(gateway), Route.MAIN)
                    .neighbour(link, gateway, pair.nodeMac());
        }
    }

    private static void ofEni(PlanParts parts, Eni eni) {
        LinkReference link = new EniLink(eni);
        parts.ipv6OnNode(link).up(link).add(new Settings(link, PlanParts.forwardingWithoutReversePathFilter()));
        parts.senderOfArp(eni).tableOfEni(eni);
    }
}
