package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.List;

/// What a pod ended up with, for the CNI result. `podGateways` has one first hop for each of `addresses`, in their
/// order.
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
        return switch (plan.attachment()) {
            case PodAttachment.VethPair pair ->
                new EndpointResult(
                        pair.nodeName(),
                        pair.nodeMac(),
                        pair.podName(),
                        pair.podMac(),
                        plan.spec().netns(),
                        plan.spec().allocation().addresses(),
                        plan.podGateways(),
                        pair.mtu());
        };
    }
}
