package io.ledgerway.simulation.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.simulation.probe.Ping;
import io.ledgerway.simulator.InstanceView;
import io.ledgerway.simulator.NetworkInterfaceView;
import io.ledgerway.simulator.VSwitchView;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Three instances in two dual-stack vSwitches of a VPC with jumbo frames, and what is beyond its edge.
class DualStackBoxTest {

    private static final int MTU = 8500;
    private static final int NARROW_MTU = 1400;
    private static final int PING_OVERHEAD_IPV6 = 48;
    private static final String IPV6_1 = "2001:db8:0:a::1";
    private static final String IPV6_2 = "2001:db8:0:a::2";
    private static final String IPV6_3 = "2001:db8:0:b::3";

    private final BoxId id = new BoxId("d" + ProcessHandle.current().pid());
    private VpcInABox box;
    private Edge edge;

    @BeforeEach
    void openTheBox() {
        box = VpcInABox.open(id, MTU);
        box.vSwitchCreated(new VSwitchView(
                "vsw-a",
                "vpc-1",
                "zone-a",
                "10.0.0.0/24",
                "10.0.0.253",
                "2001:db8:0:a::/64",
                "2001:db8:0:a:ffff:ffff:ffff:fffd"));
        box.vSwitchCreated(new VSwitchView(
                "vsw-b",
                "vpc-1",
                "zone-b",
                "10.0.1.0/24",
                "10.0.1.253",
                "2001:db8:0:b::/64",
                "2001:db8:0:b:ffff:ffff:ffff:fffd"));
        instance(1, "vsw-a", "10.0.0.1", IPV6_1);
        instance(2, "vsw-a", "10.0.0.2", IPV6_2);
        instance(3, "vsw-b", "10.0.1.3", IPV6_3);
        edge = Edge.beside(box, NARROW_MTU);
    }

    @AfterEach
    void closeTheBox() {
        box.close();
    }

    @Test
    void instancesReachEachOtherInBothFamilies() {
        for (var address : List.of("10.0.0.2", "10.0.1.3", IPV6_2, IPV6_3)) {
            assertTrue(Ping.reaches(node(1), address), address);
        }
        assertEquals(0, box.sourceChecksInAll().spoofed());
    }

    @Test
    void anIpv6AddressOfNobodyIsNotReached() {
        assertFalse(Ping.reaches(node(1), "2001:db8:0:a::99"));
    }

    @Test
    void aStolenIpv6AddressIsDroppedAndCounted() {
        Shell.inNamespace(node(1), "ip address add %s/128 dev eth0 nodad".formatted(IPV6_3))
                .orThrow();

        assertFalse(pings(node(1), "-I", IPV6_3, IPV6_2));

        var checks = box.sourceChecks().get("eni-1");
        assertTrue(checks.spoofedIp() + checks.spoofedNeighbour() > 0, checks.toString());
        assertTrue(Ping.reaches(node(3), IPV6_2), "the address's holder keeps its traffic");
    }

    @Test
    void anIpv6AddressThatIsUnassignedStopsAndOneThatIsAssignedPasses() {
        var added = "2001:db8:0:a::77";
        Shell.inNamespace(node(1), "ip address add %s/128 dev eth0 nodad".formatted(added))
                .orThrow();
        assertFalse(Ping.reaches(node(3), added));

        box.addressesChanged(eni(1, "vsw-a", "10.0.0.1", IPV6_1, added));
        assertTrue(Ping.reaches(node(3), added));
        assertTrue(Ping.reaches(node(2), added));

        box.addressesChanged(eni(1, "vsw-a", "10.0.0.1", IPV6_1));
        assertFalse(Ping.reaches(node(3), added));
        assertFalse(Ping.reaches(node(2), added));
    }

    @Test
    void aPacketOfFullMtuPassesWholeAndALongerOneDoesNot() {
        assertTrue(pings(node(1), "-M", "do", "-s", Integer.toString(MTU - PING_OVERHEAD_IPV6), IPV6_3));
        assertFalse(pings(node(1), "-M", "do", "-s", Integer.toString(MTU - PING_OVERHEAD_IPV6 + 1), IPV6_3));
    }

    @Test
    void theWayToTheNarrowHostTellsItsMtu() {
        for (var address :
                List.of(Edge.NARROW.ipv4().value(), Edge.NARROW.ipv6().value())) {
            pings(node(1), "-M", "do", "-s", "3000", address);

            var route = Shell.run("ip", "-n", node(1), "route", "get", address).orThrow();
            assertTrue(route.contains("mtu " + NARROW_MTU), route);
        }
    }

    @Test
    void whatIsOutsideIsReachedAndReachesNobodyByItself() {
        assertTrue(Ping.reaches(node(1), Edge.OUTSIDE.ipv4().value()));
        assertTrue(Ping.reaches(node(1), Edge.OUTSIDE.ipv6().value()));
        assertFalse(Ping.reaches(edge.namespaceOf(Edge.OUTSIDE), "10.0.0.1"));
        assertFalse(Ping.reaches(edge.namespaceOf(Edge.OUTSIDE), IPV6_1));
    }

    @Test
    void aLoadBalancerLeadsStraightToItsBackend() {
        edge.balance(new IpAddress("203.0.113.80"), new IpAddress("10.0.1.3"));
        edge.balance(new IpAddress("2001:db8:f000::80"), new IpAddress(IPV6_3));

        assertTrue(Ping.reaches(edge.namespaceOf(Edge.OUTSIDE), "203.0.113.80"));
        assertTrue(Ping.reaches(edge.namespaceOf(Edge.OUTSIDE), "2001:db8:f000::80"));
        assertFalse(Ping.reaches(edge.namespaceOf(Edge.OUTSIDE), "203.0.113.81"));
    }

    private void instance(int number, String vSwitch, String... addresses) {
        box.instanceCreated(new InstanceView("i-" + number, "ecs.g7.large", "zone-a"));
        box.plugged(eni(number, vSwitch, addresses));
    }

    private static NetworkInterfaceView eni(int number, String vSwitch, String... addresses) {
        return new NetworkInterfaceView(
                "eni-" + number,
                "00:16:3e:00:00:0" + number,
                vSwitch,
                "i-" + number,
                0,
                addresses[0],
                List.of(addresses),
                "Primary");
    }

    private String node(int number) {
        return box.namespaceOf("i-" + number);
    }

    private static boolean pings(String namespace, String... arguments) {
        var command = new java.util.ArrayList<>(List.of("ping", "-n", "-q", "-c", "1", "-W", "2"));
        command.addAll(List.of(arguments));
        return Shell.run("", Shell.entering(namespace, command)).succeeded();
    }
}
