package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.KernelObject.EniLink;
import io.ledgerway.node.endpoint.KernelObject.LinkReference;
import io.ledgerway.node.endpoint.KernelObject.PodLink;

/// A member ENI of a trunk: the pod gets the VLAN of the trunk that carries the member's frames, with the
/// member's MAC. A veth pair beside it leads to the node and to what only the node serves.
public final class VlanDriver implements Driver {
    private final HostStack hostStack;

    public VlanDriver(HostStack hostStack) {
        this.hostStack = hostStack;
    }

    @Override
    public String name() {
        return "vlan";
    }

    @Override
    public EndpointPlan plan(EndpointSpec spec) {
        if (!(spec.allocation() instanceof Allocation.TrunkMember member)) {
            throw EndpointException.unsupported("the vlan driver connects members of trunks, and " + spec.key()
                    + " was given something of " + spec.allocation().eni());
        }
        PodAttachment.VethPair pair = PlanParts.pair(spec, LinkNames.onNode(spec.key()));
        LinkReference vlan = new PodLink(spec.key().interfaceName());
        LinkReference peer = new PodLink(pair.podName());
        PlanParts parts = new PlanParts(spec, member.addresses());
        parts.ipv6InPod(vlan)
                .ipv6InPod(peer)
                .add(parts.alias(vlan))
                .up(PodLink.LOOPBACK, vlan, peer)
                .podOnVpc(vlan, member.eni())
                .podToNode(pair, hostStack)
                .nodeToPod(pair)
                .up(new EniLink(member.trunk()))
                .rulesToPod();
        return parts.plan(
                new PodAttachment.VlanMember(
                        member.trunk(),
                        member.vlan(),
                        member.eni().mac(),
                        spec.key().interfaceName(),
                        spec.mtu(),
                        pair),
                parts.gatewaysOf(member.eni()));
    }
}
