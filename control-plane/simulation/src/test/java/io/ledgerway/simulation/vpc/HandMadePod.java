package io.ledgerway.simulation.vpc;

import io.ledgerway.simulation.probe.Ping;

/// A pod wired by a script instead of by our executor: a veth into its node, policy routes out by its ENI.
record HandMadePod(String namespace, String address) {

    /// @param nic the ENI's device in the node
    /// @param eniAddress the ENI's own primary address, which the node needs to ask for its gateway
    static HandMadePod on(
            VpcInABox box, String instance, String nic, String eniAddress, String gateway, String address) {
        var namespace = box.id().namespace("pod-" + address.replace('.', '-'));
        var node = box.namespaceOf(instance);
        var hostEnd = "cali" + address.substring(address.lastIndexOf('.') + 1);
        Namespaces.add(namespace);
        Shell.inNamespace(node, """
                        echo 1 >/proc/sys/net/ipv4/ip_forward
                        echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
                        ip -batch - <<END
                        link set dev lo up
                        address replace %3$s/32 dev %2$s
                        link set dev %2$s up
                        route replace default via %4$s dev %2$s onlink table 1001
                        link add name %5$s type veth peer name eth0 netns %1$s
                        link set dev %5$s address ee:00:00:00:00:01 up
                        route replace %6$s/32 dev %5$s scope link
                        rule add priority 512 to %6$s lookup main
                        rule add priority 2048 from %6$s lookup 1001
                        END
                        echo 0 >/proc/sys/net/ipv4/conf/%5$s/rp_filter
                        echo 0 >/proc/sys/net/ipv4/conf/%2$s/rp_filter
                        ip -n %1$s -batch - <<END
                        link set dev lo up
                        address add %6$s/32 dev eth0
                        link set dev eth0 up
                        route add 169.254.1.1 dev eth0 scope link
                        route add default via 169.254.1.1 dev eth0
                        neighbour replace 169.254.1.1 lladdr ee:00:00:00:00:01 dev eth0 nud permanent
                        END
                        """.formatted(namespace, nic, eniAddress, gateway, hostEnd, address))
                .orThrow();
        return new HandMadePod(namespace, address);
    }

    boolean reaches(HandMadePod other) {
        return Ping.reaches(namespace, other.address);
    }
}
