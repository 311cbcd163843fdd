package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.KernelObject.LinkReference;
import io.ledgerway.node.endpoint.KernelObject.PodLink;

/// The ENI itself moves into the pod and comes back when the pod ends: nothing of the node is between the pod and the
/// VPC. A veth pair beside it leads to the node and to what only the node serves.
public final class ExclusiveDriver implements Driver {
    private final HostStack hostStack;

    public ExclusiveDriver(HostStack hostStack) {
        this.hostStack = hostStack;
    }

    @Override
    public String name() {
        return "exclusive";
    }

    @Override
    public EndpointPlan plan(EndpointSpec spec) {
        if (!(spec.allocation() instanceof Allocation.WholeEni whole)) {
            throw EndpointException.unsupported("the exclusive driver gives a pod a whole ENI, and " + spec.key()
                    + " was given a share of " + spec.allocation().eni());
        }
        PodAttachment.VethPair pair = PlanParts.pair(spec, LinkNames.onNode(spec.key()));
        LinkReference nic = new PodLink(spec.key().interfaceName());
        LinkReference peer = new PodLink(pair.podName());
        PlanParts parts = new PlanParts(spec, whole.addresses());
        parts.ipv6InPod(nic)
                .ipv6InPod(peer)
                .up(PodLink.LOOPBACK, nic, peer)
                .podOnVpc(nic, whole.eni())
                .podToNode(pair, hostStack)
                .nodeToPod(pair)
                .rulesToPod();
        return parts.plan(
                new PodAttachment.MovedNic(whole.eni(), spec.key().interfaceName(), spec.mtu(), pair),
                parts.gatewaysOf(whole.eni()));
    }
}
