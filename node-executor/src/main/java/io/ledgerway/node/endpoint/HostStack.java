package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Family;
import io.ledgerway.node.kernel.IpPrefix;
import java.net.InetAddress;
import java.util.List;

/// What pods reach through the node's own network stack instead of their ENI: the node itself, and blocks that only the
/// node knows how to serve, such as those of cluster IPs and of node-local addresses.
public record HostStack(List<InetAddress> nodeAddresses, List<IpPrefix> blocks) {
    public static final HostStack NONE = new HostStack(List.of(), List.of());

    public HostStack {
        nodeAddresses = List.copyOf(nodeAddresses);
        blocks = List.copyOf(blocks);
    }

    List<InetAddress> nodeAddresses(Family family) {
        return nodeAddresses.stream()
                .filter(address -> Family.of(address) == family)
                .toList();
    }

    List<IpPrefix> blocks(Family family) {
        return blocks.stream()
                .filter(block -> Family.of(block.address()) == family)
                .toList();
    }
}
