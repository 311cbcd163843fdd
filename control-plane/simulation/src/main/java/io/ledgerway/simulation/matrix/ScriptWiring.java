package io.ledgerway.simulation.matrix;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.simulation.vpc.Shell;
import java.net.StandardProtocolFamily;
import java.util.EnumSet;
import java.util.Set;

/// A veth per pod and policy routes, made with `ip` alone: a yardstick that shares nothing with the executor. Where
/// this row fails too, the fault is the network's around it.
public final class ScriptWiring implements Wiring {

    private static final String NODE_END_MAC = "ee:00:00:00:00:01";
    private static final int FIRST_TABLE = 1000;

    private int made;

    @Override
    public String name() {
        return "script";
    }

    @Override
    public Set<StandardProtocolFamily> families() {
        return EnumSet.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6);
    }

    @Override
    public boolean sharesEnis() {
        return true;
    }

    @Override
    public void connect(PodPlace pod) {
        var nodeEnd = "veth" + ++made;
        Shell.inNamespace(pod.node().namespace(), prepareNode(pod) + link(pod, nodeEnd) + routes(pod, nodeEnd))
                .orThrow();
        Shell.inNamespace(pod.namespace(), insidePod(pod)).orThrow();
    }

    private static String prepareNode(PodPlace pod) {
        var device = pod.eni().device();
        return """
                echo 1 >/proc/sys/net/ipv4/ip_forward
                echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
                echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
                echo 0 >/proc/sys/net/ipv4/conf/%1$s/rp_filter
                ip -batch - <<'END'
                address replace %2$s/32 dev %1$s scope link
                link set dev %1$s up
                END
                """.formatted(device, pod.eni().primary());
    }

    private static String link(PodPlace pod, String nodeEnd) {
        return """
                ip link add name %1$s mtu %3$d address %4$s type veth peer name eth0 mtu %3$d netns %2$s
                echo 0 >/proc/sys/net/ipv4/conf/%1$s/rp_filter
                ip link set dev %1$s up
                """.formatted(nodeEnd, pod.namespace(), pod.mtu(), NODE_END_MAC);
    }

    /// The way out of an ENI first names its IPv6 gateway as a neighbour: the kernel would otherwise find it behind the
    /// node's own ENI of the same vSwitch.
    private static String routes(PodPlace pod, String nodeEnd) {
        int table = FIRST_TABLE + pod.eni().index();
        var device = pod.eni().device();
        var lines = new StringBuilder();
        for (var gateway : pod.eni().gateways()) {
            if (hasFamilyOf(pod, gateway)) {
                lines.append("ip route replace %s dev %s table %d\n".formatted(single(gateway), device, table));
                lines.append("ip route replace default via %s dev %s table %d\n".formatted(gateway, device, table));
            }
        }
        for (var address : pod.addresses()) {
            var ip = address.isIpv6() ? "ip -6" : "ip";
            lines.append("ip route replace %s dev %s\n".formatted(single(address), nodeEnd));
            lines.append("%s rule add priority 512 to %s lookup main\n".formatted(ip, address));
            lines.append("%s rule add priority 2048 from %s lookup %d\n".formatted(ip, address, table));
        }
        return lines.toString();
    }

    private static String insidePod(PodPlace pod) {
        var lines = new StringBuilder("ip -batch - <<'END'\nlink set dev lo up\nlink set dev eth0 up\n");
        for (var address : pod.addresses()) {
            var gateway = address.isIpv6() ? "fe80::1" : "169.254.1.1";
            lines.append("address add %s dev eth0 nodad\n".formatted(single(address)));
            lines.append("route add %s dev eth0 scope link\n".formatted(gateway));
            lines.append("route add default via %s dev eth0\n".formatted(gateway));
            lines.append("neighbour replace %s lladdr %s dev eth0 nud permanent\n".formatted(gateway, NODE_END_MAC));
        }
        return lines.append("END\n").toString();
    }

    private static boolean hasFamilyOf(PodPlace pod, IpAddress gateway) {
        return pod.addresses().stream().anyMatch(address -> address.isIpv6() == gateway.isIpv6());
    }

    private static String single(IpAddress address) {
        return address + (address.isIpv6() ? "/128" : "/32");
    }

    @Override
    public void close() {
        // Everything is in namespaces that end with the network.
    }
}
