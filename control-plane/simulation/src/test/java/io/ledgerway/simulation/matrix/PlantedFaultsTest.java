package io.ledgerway.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.Shell;
import io.ledgerway.simulation.vpc.VpcInABox;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever is wrong in a kernel shows in the cells that it concerns, and in no other.
class PlantedFaultsTest {

    private static final Duration PATIENCE = Duration.ofMillis(1500);
    private static final String UNDO_TABLE = "nft delete table inet planted";

    private static MatrixNetwork network;

    /// @param place the station in whose namespace the fault is made
    /// @param broken cells that must show it, as way, probe and family
    /// @param whole cells that must not
    record Fault(String name, String place, String plant, String undo, List<String> broken, List<String> whole) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Fault table(String name, String place, String chain, List<String> broken, List<String> whole) {
        return new Fault(name, place, table(chain), UNDO_TABLE, broken, whole);
    }

    private static String table(String chain) {
        return "nft -f - <<'END'\ntable inet planted {\nchain c {\n" + chain + "\n}\n}\nEND\n";
    }

    static Stream<Fault> faults() {
        return Stream.concat(onTheNode(), elsewhere());
    }

    private static Stream<Fault> onTheNode() {
        return Stream.of(
                new Fault(
                        "no rule leads out by the pod's ENI",
                        "node-1",
                        "ip rule del priority 2048 from 10.10.0.21",
                        "ip rule add priority 2048 from 10.10.0.21 lookup 1001",
                        List.of("other node TCP IPv4", "other node UDP IPv4", "VM ICMP IPv4", "other host MTU IPv4"),
                        List.of("same ENI TCP IPv4", "other node TCP IPv6")),
                new Fault(
                        "no IPv6 rule leads out by the pod's ENI",
                        "node-1",
                        "ip -6 rule del priority 2048 from 2001:db8:100:a::21",
                        "ip -6 rule add priority 2048 from 2001:db8:100:a::21 lookup 1001",
                        List.of("other node TCP IPv6", "VM ICMP IPv6", "outside by NAT UDP IPv6"),
                        List.of("same ENI TCP IPv6", "other node TCP IPv4")),
                new Fault(
                        "the node knows no way to a pod",
                        "node-1",
                        "ip route show 10.10.0.22 >/tmp/lw-matrix-route; ip route del 10.10.0.22",
                        "ip route add $(cat /tmp/lw-matrix-route); rm /tmp/lw-matrix-route",
                        List.of("same ENI TCP IPv4", "same ENI UDP IPv4", "same ENI ICMP IPv4", "same ENI MTU IPv4"),
                        List.of("same ENI TCP IPv6", "other ENI TCP IPv4")),
                new Fault(
                        "the host speaks to a pod under the address of an ENI",
                        "node-1",
                        "ip route change $(ip route show 10.10.0.21) src 10.10.0.20",
                        "ip route change $(ip route show 10.10.0.21 | sed 's/src .*//')",
                        List.of("from own host TCP IPv4", "from own host UDP IPv4", "host network UDP IPv4"),
                        List.of("own host TCP IPv4", "from own host TCP IPv6")),
                table(
                        "the node translates the pod's address",
                        "node-1",
                        "type nat hook postrouting priority srcnat; oifname eth1 snat ip to 10.10.0.20;"
                                + " oifname eth1 snat ip6 to 2001:db8:100:a::20",
                        List.of(
                                "other node TCP IPv4",
                                "other node UDP IPv4",
                                "other node ICMP IPv4",
                                "VM MTU IPv4",
                                "VM TCP IPv6",
                                "VM UDP IPv6",
                                "VM ICMP IPv6"),
                        List.of("same ENI TCP IPv4", "outside by NAT TCP IPv4")),
                table(
                        "the node keeps from the pod that its packets are too long",
                        "node-1",
                        "type filter hook forward priority 0; icmp type destination-unreachable drop;"
                                + " icmpv6 type packet-too-big drop",
                        List.of("narrow way PMTU IPv4", "narrow way PMTU IPv6", "narrow way TCP IPv4"),
                        List.of("outside by NAT TCP IPv4", "outside by NAT MTU IPv6")));
    }

    private static Stream<Fault> elsewhere() {
        return Stream.of(
                new Fault(
                        "the pod's MTU is too small",
                        "pod-1",
                        "ip link set eth0 mtu 1400",
                        "ip link set eth0 mtu 1500",
                        List.of("other node MTU IPv4", "other node MTU IPv6", "own host MTU IPv4", "from VM MTU IPv4"),
                        List.of("other node TCP IPv4", "other node UDP IPv6")),
                new Fault(
                        "the pod's MTU is too big",
                        "pod-1",
                        "ip link set eth0 mtu 1600",
                        "ip link set eth0 mtu 1500",
                        List.of("other node MTU IPv4", "other node MTU IPv6", "own host MTU IPv4"),
                        List.of("other node UDP IPv4", "from VM MTU IPv4")),
                table(
                        "no datagram gets into the pod",
                        "pod-1",
                        "type filter hook input priority 0; meta l4proto udp drop",
                        List.of("from VM UDP IPv4", "from VM MTU IPv6", "load balancer UDP IPv4"),
                        List.of("from VM TCP IPv4", "from VM ICMP IPv6", "load balancer TCP IPv6")),
                table(
                        "no connection gets into the pod",
                        "pod-1",
                        "type filter hook input priority 0; tcp flags & (syn | ack) == syn drop",
                        List.of("from VM TCP IPv4", "from own host TCP IPv6", "load balancer TCP IPv4"),
                        List.of("from VM UDP IPv4", "other node TCP IPv4")),
                table(
                        "the pod hears no echo request",
                        "pod-1",
                        "type filter hook input priority 0; icmp type echo-request drop;"
                                + " icmpv6 type echo-request drop",
                        List.of("from VM ICMP IPv4", "from own host ICMP IPv6"),
                        List.of("from VM UDP IPv4", "VM ICMP IPv4")),
                new Fault(
                        "the outside gets in",
                        "edge",
                        "nft insert rule inet edge forward accept",
                        "nft delete rule inet edge forward handle"
                                + " $(nft -a list chain inet edge forward | sed -n 's/^\\t*accept # handle //p')",
                        List.of("from outside TCP IPv4", "from outside UDP IPv6", "from outside ICMP IPv4"),
                        List.of("outside by NAT TCP IPv4", "load balancer TCP IPv4")),
                new Fault(
                        "the load balancer leads to another pod",
                        "edge",
                        "nft flush map inet edge balanced4;"
                                + " nft add element inet edge balanced4 '{ 203.0.113.80 : 10.10.0.22 }'",
                        "nft flush map inet edge balanced4;"
                                + " nft add element inet edge balanced4 '{ 203.0.113.80 : 10.10.0.21 }'",
                        List.of("load balancer TCP IPv4", "load balancer UDP IPv4", "load balancer MTU IPv4"),
                        List.of("load balancer TCP IPv6", "outside by NAT TCP IPv4")),
                new Fault(
                        "nobody translates at the edge",
                        "edge",
                        "nft flush chain inet edge translate",
                        "nft add rule inet edge translate oifname != vpc snat ip to 203.0.113.1",
                        List.of("outside by NAT TCP IPv4", "outside by NAT UDP IPv4", "outside by NAT ICMP IPv4"),
                        List.of("outside by NAT TCP IPv6", "VM TCP IPv4")));
    }

    @BeforeAll
    static void openTheNetwork() {
        var families = EnumSet.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6);
        network = MatrixNetwork.open(
                new BoxId("f" + ProcessHandle.current().pid()), EndpointWiring.veth(families), VpcInABox.USUAL_MTU);
    }

    @AfterAll
    static void closeTheNetwork() {
        network.close();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void theFaultShowsWhereItIs(Fault fault) {
        forgetWhatPodsLearnt();
        in(fault.place(), fault.plant());
        MatrixRow row;
        try {
            row = new ConnectivityMatrix(network, PATIENCE).run();
        } finally {
            in(fault.place(), fault.undo());
        }

        var wrong = row.cells().stream()
                .filter(cell -> !cell.held())
                .map(PlantedFaultsTest::name)
                .toList();
        assertTrue(wrong.containsAll(fault.broken()), () -> "not all of " + fault.broken() + " in " + wrong);
        assertEquals(List.of(), fault.whole().stream().filter(wrong::contains).toList(), wrong::toString);
    }

    @Test
    void aNodeThatFollowsConnectionsIsNamed() {
        in("node-2", table("type filter hook prerouting priority 0; ct state new counter"));
        MatrixRow row;
        try {
            row = new ConnectivityMatrix(network, PATIENCE).run();
        } finally {
            in("node-2", UNDO_TABLE);
        }

        assertTrue(
                row.faults().stream().anyMatch(fault -> fault.startsWith("node-2 follows")),
                () -> row.faults().toString());
    }

    private static String name(Cell cell) {
        return cell.way().name() + " " + cell.probe().heading() + " " + cell.familyName();
    }

    /// A path MTU is known for ten minutes, so a second run would find nothing to learn.
    private static void forgetWhatPodsLearnt() {
        in("pod-1", "ip route flush cache; ip -6 route flush cache");
    }

    private static void in(String station, String script) {
        var namespace = station.equals("edge")
                ? network.edge().namespace()
                : network.station(station).namespace();
        Shell.inNamespace(namespace, script).orThrow();
    }
}
