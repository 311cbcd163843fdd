package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.List;

/// What a pod ended up with, for the CNI result.
public record EndpointResult(
        String nodeLink,
        MacAddress nodeMac,
        String podLink,
        MacAddress podMac,
        String netns,
        List<InetAddress> addresses,
        InetAddress podGateway,
        int mtu) {
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
                        plan.podGateway(),
                        pair.mtu());
        };
    }
}
