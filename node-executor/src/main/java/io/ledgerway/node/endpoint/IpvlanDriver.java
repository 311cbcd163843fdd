package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.KernelObject.EniLink;
import io.ledgerway.node.endpoint.KernelObject.LinkReference;
import io.ledgerway.node.endpoint.KernelObject.NodeLink;
import io.ledgerway.node.endpoint.KernelObject.PodLink;
import io.ledgerway.node.endpoint.KernelObject.Settings;
import io.ledgerway.node.kernel.Family;
import io.ledgerway.node.kernel.InterfaceAddress.Scope;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.Route;
import io.ledgerway.node.kernel.StackedLink.IpvlanMode;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A slave of the ENI per pod, with the ENI's MAC. An ENI cannot reach its slaves, so the node has a slave of
/// its own on each ENI, with the node's addresses, and pods and node meet there. What only the node serves is
/// turned back into that slave where it would leave by the ENI.
///
/// In L2 the pod resolves the gateway itself. In L3 it resolves nothing: the kernel routes its packets on the node, so
/// they need the table of the ENI, as with veth.
public final class IpvlanDriver implements Driver {
    private final IpvlanMode mode;
    private final HostStack hostStack;

    /// Throws `EndpointException` with `UNSUPPORTED` for L3S.
    public IpvlanDriver(IpvlanMode mode, HostStack hostStack) {
        if (mode == IpvlanMode.L3S) {
            throw EndpointException.unsupported(
                    "ipvlan mode L3S is not offered: what comes from outside the node reaches a pod past the ingress"
                            + " filters of its slave, so policy would be bypassed; use L2 or L3");
        }
        this.mode = mode;
        this.hostStack = hostStack;
    }

    @Override
    public String name() {
        return "ipvlan";
    }

    @Override
    public EndpointPlan plan(EndpointSpec spec) {
        if (!(spec.allocation() instanceof Allocation.SharedEni shared)) {
            throw EndpointException.unsupported("the ipvlan driver shares ENIs, and " + spec.key()
                    + " was given the whole " + spec.allocation().eni());
        }
        Eni eni = shared.eni();
        PodAttachment.VethPair pair = PlanParts.pair(spec, LinkNames.onNode(spec.key()));
        PodAttachment.IpvlanSlave slave = new PodAttachment.IpvlanSlave(
                eni, mode, spec.key().interfaceName(), spec.mtu(), LinkNames.hostSlave(eni), pair);
        PlanParts parts = new PlanParts(spec, shared.addresses());
        inPod(parts, slave, shared.addresses());
        parts.add(parts.alias(new NodeLink(pair.nodeName())));
        onNode(parts, slave, shared.addresses());
        parts.rulesToPod();
        if (mode == IpvlanMode.L3) {
            parts.senderOfArp(eni).tableOfEni(eni).rulesFromPod(eni);
        }
        return parts.plan(slave, mode == IpvlanMode.L3 ? List.of() : parts.gatewaysOf(eni));
    }

    private void inPod(PlanParts parts, PodAttachment.IpvlanSlave slave, List<InetAddress> addresses) {
        Eni eni = slave.parent();
        LinkReference link = new PodLink(slave.podName());
        parts.ipv6InPod(link).add(parts.alias(link)).up(PodLink.LOOPBACK, link);
        for (InetAddress address : addresses) {
            Family family = Family.of(address);
            if (mode == IpvlanMode.L3) {
                parts.address(link, address, IpPrefix.single(address).length(), Scope.GLOBAL)
                        .route(link, IpPrefix.everythingLike(address), Optional.empty(), Route.MAIN);
                continue;
            }
            // With the vSwitch's prefix a sibling on this ENI is asked for by its own address and answers with the MAC
            // that both have; the kernel then hands the packet over without a detour by the VPC.
            parts.address(link, address, eni.prefixLength(address), Scope.GLOBAL)
                    .defaultRoute(link, eni.gateway(family), Route.MAIN);
            for (InetAddress node : hostStack.nodeAddresses(family)) {
                parts.route(link, IpPrefix.single(node), Optional.empty(), Route.MAIN)
                        .neighbour(link, node, eni.mac());
            }
        }
    }

    private void onNode(PlanParts parts, PodAttachment.IpvlanSlave slave, List<InetAddress> addresses) {
        LinkReference parent = new EniLink(slave.parent());
        LinkReference hostSlave = new NodeLink(slave.hostSlave());
        if (addresses.stream().anyMatch(address -> Family.of(address) == Family.IPV6)) {
            parts.add(new KernelObject.Ipv6Forwarding());
        }
        parts.ipv6OnNode(parent).ipv6OnNode(hostSlave).up(parent, hostSlave);
        parts.add(new KernelObject.WithoutArp(hostSlave));
        parts.add(new Settings(hostSlave, PlanParts.forwardingWithoutReversePathFilter()));
        parts.add(new KernelObject.Classifier(parent));
        for (InetAddress address : addresses) {
            Family family = Family.of(address);
            // The kernel gives IPv6 addresses the scope that their bits say.
            Scope scope = family == Family.IPV4 ? Scope.HOST : Scope.GLOBAL;
            for (InetAddress node : hostStack.nodeAddresses(family)) {
                parts.address(hostSlave, node, IpPrefix.single(node).length(), scope);
            }
            parts.route(hostSlave, IpPrefix.single(address), Optional.empty(), Route.MAIN);
        }
        parts.add(new KernelObject.Redirects(parent, hostSlave, hostStack.blocks()));
    }

    /// The routes to a pod lead through a slave that other pods use too, and the ENI need not be known any more.
    @Override
    public List<KernelObject> withdrawn(EndpointKey key, Collection<InetAddress> addresses) {
        return Driver.withdrawn(new KernelObject.AnyLink(), addresses);
    }
}
