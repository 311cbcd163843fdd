package io.ledgerway.simulation.bench;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.simulation.matrix.PodPlace;
import io.ledgerway.simulation.matrix.Station;
import io.ledgerway.simulation.matrix.Wiring;
import io.ledgerway.simulation.vpc.Shell;
import java.net.StandardProtocolFamily;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What most plugins do: the pods of a node hang on a bridge, and the node routes between the bridge and what leads to
/// the other nodes, which is the pod's ENI, or a VXLAN tunnel from node to node as overlays have it. Made with `ip`
/// alone; IPv4.
final class BridgeWiring implements Wiring {

    /// What VXLAN over IPv4 adds to a packet, in bytes.
    private static final int VXLAN_OVERHEAD = 50;

    private static final String GATEWAY = "169.254.1.1";
    private static final int FIRST_TABLE = 1000;

    private final boolean overlay;
    private final Map<IpAddress, Station> pods = new LinkedHashMap<>();

    private BridgeWiring(boolean overlay) {
        this.overlay = overlay;
    }

    static BridgeWiring overEnis() {
        return new BridgeWiring(false);
    }

    static BridgeWiring overVxlan() {
        return new BridgeWiring(true);
    }

    @Override
    public String name() {
        return overlay ? "VXLAN" : "veth and bridge";
    }

    @Override
    public Set<StandardProtocolFamily> families() {
        return Set.of(StandardProtocolFamily.INET);
    }

    @Override
    public boolean sharesEnis() {
        return true;
    }

    @Override
    public void connect(PodPlace pod) {
        var address = pod.addresses().getFirst();
        if (!pods.containsValue(pod.node())) {
            Shell.inNamespace(pod.node().namespace(), bridge(pod.node())).orThrow();
        }
        int mtu = overlay ? pod.mtu() - VXLAN_OVERHEAD : pod.mtu();
        Shell.inNamespace(pod.node().namespace(), link(pod, address, mtu) + (overlay ? "" : outByEni(pod, address)))
                .orThrow();
        Shell.inNamespace(pod.namespace(), """
                        ip -batch - <<'END'
                        link set dev lo up
                        link set dev eth0 up
                        address add %1$s/32 dev eth0
                        route add %2$s dev eth0 scope link
                        route add default via %2$s dev eth0
                        END
                        """.formatted(address, GATEWAY)).orThrow();
        pods.put(address, pod.node());
        if (overlay) {
            tunnel();
        }
    }

    private String bridge(Station node) {
        return """
                echo 1 >/proc/sys/net/ipv4/ip_forward
                echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
                echo 0 >/proc/sys/net/ipv4/conf/default/rp_filter
                ip link add name br0 type bridge
                ip address add %s/32 dev br0
                ip link set dev br0 up
                """.formatted(GATEWAY);
    }

    private String link(PodPlace pod, IpAddress address, int mtu) {
        return """
                ip link add name pod%1$d mtu %2$d type veth peer name eth0 mtu %2$d netns %3$s
                ip link set dev pod%1$d master br0 up
                ip route add %4$s/32 dev br0
                """.formatted(pods.size(), mtu, pod.namespace(), address);
    }

    private static String outByEni(PodPlace pod, IpAddress address) {
        return """
                ip address replace %2$s/32 dev %1$s scope link
                ip link set dev %1$s up
                ip route replace default via %3$s dev %1$s onlink table %4$d
                ip rule add priority 512 to %5$s lookup main
                ip rule add priority 2048 from %5$s lookup %4$d
                """.formatted(
                        pod.eni().device(),
                        pod.eni().primary(),
                        pod.eni().gateways().getFirst(),
                        FIRST_TABLE + pod.eni().index(),
                        address);
    }

    /// From every node to every pod of another one.
    private void tunnel() {
        for (var from : Set.copyOf(pods.values())) {
            for (var pod : pods.entrySet()) {
                var to = pod.getValue();
                if (!from.equals(to)) {
                    Shell.inNamespace(from.namespace(), """
                                    ip link show vx0 >/dev/null 2>&1 ||
                                      ip link add name vx0 type vxlan id 42 dstport 4789 local %1$s remote %2$s dev eth0
                                    ip link set dev vx0 up
                                    ip address replace %3$s/32 dev vx0
                                    ip route replace %4$s/32 via %5$s dev vx0 onlink
                                    """.formatted(
                                            from.addresses().ipv4(),
                                            to.addresses().ipv4(),
                                            endOfTunnel(from),
                                            pod.getKey(),
                                            endOfTunnel(to)))
                            .orThrow();
                }
            }
        }
    }

    private static String endOfTunnel(Station node) {
        var bytes = node.addresses().ipv4().bytes();
        return "10.244.%d.%d".formatted(bytes[2], bytes[3]);
    }

    @Override
    public void close() {
        // Everything is in namespaces that end with the network.
    }
}
