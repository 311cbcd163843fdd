package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.List;

/// What a pod ended up with, for the CNI result. `podGateways` has one first hop for each of `addresses`, in their
/// order, or none where the pod resolves none.
public record EndpointResult(
        String nodeLink,
        MacAddress nodeMac,
        String podLink,
        MacAddress podMac,
        String netns,
        List<InetAddress> addresses,
        List<InetAddress> podGateways,
        int mtu) {
    /// An endpoint with one address.
    public EndpointResult(
            String nodeLink,
            MacAddress nodeMac,
            String podLink,
            MacAddress podMac,
            String netns,
            List<InetAddress> addresses,
            InetAddress podGateway,
            int mtu) {
        this(nodeLink, nodeMac, podLink, podMac, netns, addresses, List.of(podGateway), mtu);
    }

    static EndpointResult of(EndpointPlan plan) {
        PodAttachment attachment = plan.attachment();
        return new EndpointResult(
                attachment.pair().nodeName(),
                attachment.pair().nodeMac(),
                attachment.podName(),
                attachment.podMac(),
                plan.spec().netns(),
                plan.spec().allocation().addresses(),
                plan.podGateways(),
                attachment.mtu());
    }
}
