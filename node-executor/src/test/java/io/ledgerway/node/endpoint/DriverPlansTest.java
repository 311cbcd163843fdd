package io.ledgerway.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.StackedLink.IpvlanMode;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The plans of the drivers that need more than a pair, object by object. None of this needs rights or a kernel.
class DriverPlansTest {
    private static final EndpointKey KEY = new EndpointKey("5a1c39b2-4b0e-4f44-9b6a-1f0b6f1f2f10", "eth0");
    private static final Eni ENI = eni("eni-7", "00:16:3e:00:00:07", 3);
    private static final Eni TRUNK = eni("eni-8", "00:16:3e:00:00:08", 4);
    private static final String LINK = LinkNames.onNode(KEY);
    private static final HostStack HOST_STACK = new HostStack(
            List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8:99::1")),
            List.of(
                    new IpPrefix(InetAddress.ofLiteral("172.21.0.0"), 20),
                    new IpPrefix(InetAddress.ofLiteral("2001:db8:aaaa::"), 108)));
    private static final List<InetAddress> IPV4 = List.of(InetAddress.ofLiteral("10.0.7.20"));
    private static final List<InetAddress> DUAL =
            List.of(InetAddress.ofLiteral("10.0.7.20"), InetAddress.ofLiteral("2001:db8:7::20"));

    private static Eni eni(String id, String mac, int deviceIndex) {
        return new Eni(
                id,
                MacAddress.of(mac),
                deviceIndex,
                List.of(InetAddress.ofLiteral("10.0.7.253"), InetAddress.ofLiteral("2001:db8:7::fd")),
                List.of(
                        new IpPrefix(InetAddress.ofLiteral("10.0.7.0"), 24),
                        new IpPrefix(InetAddress.ofLiteral("2001:db8:7::"), 64)),
                Optional.of(InetAddress.ofLiteral("10.0.7.1")));
    }

    private static EndpointSpec spec(Allocation allocation) {
        return new EndpointSpec(KEY, "sandbox-1", "/var/run/netns/cni-1", allocation, 1500);
    }

    private static String objects(EndpointPlan plan) {
        return plan.objects().stream().map(KernelObject::toString).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String expected(EndpointPlan plan, String text) {
        PodAttachment.VethPair pair = plan.attachment().pair();
        return text.replace("LINK", LINK)
                .replace("NODE_MAC", pair.nodeMac().toString())
                .replace("PEER_MAC", pair.podMac().toString())
                .replace("ENI", ENI.toString())
                .replace("TRUNK", TRUNK.toString());
    }

    @Test
    void exclusivePlanHasTheVpcBehindTheNicAndTheNodeBehindThePair() {
        EndpointPlan plan = new ExclusiveDriver(HOST_STACK).plan(spec(new Allocation.WholeEni(ENI, DUAL)));

        assertInstanceOf(PodAttachment.MovedNic.class, plan.attachment());
        assertEquals(ENI.gateways(), plan.podGateways());
        assertEquals(expected(plan, """
                IPv6 setting accept_dad=0 of eth0 in the pod
                IPv6 setting disable_ipv6=0 of eth0 in the pod
                IPv6 setting accept_ra=0 of eth0 in the pod
                IPv6 setting accept_dad=0 of LINK in the pod
                IPv6 setting disable_ipv6=0 of LINK in the pod
                IPv6 setting accept_ra=0 of LINK in the pod
                link lo in the pod
                link eth0 in the pod
                link LINK in the pod
                address 10.0.7.20/32 on eth0 in the pod
                route default via 10.0.7.253 dev eth0 in the pod table 254
                address 2001:db8:7:0:0:0:0:20/128 on eth0 in the pod
                route 2001:db8:7:0:0:0:0:fd/128 dev eth0 in the pod table 254
                route default via 2001:db8:7:0:0:0:0:fd dev eth0 in the pod table 254
                route 192.0.2.1/32 via 169.254.1.1 dev LINK in the pod table 254
                route 172.21.0.0/20 via 169.254.1.1 dev LINK in the pod table 254
                neighbour 169.254.1.1 at NODE_MAC on LINK in the pod
                route 2001:db8:99:0:0:0:0:1/128 via fe80:0:0:0:0:0:0:1 dev LINK in the pod table 254
                route 2001:db8:aaaa:0:0:0:0:0/108 via fe80:0:0:0:0:0:0:1 dev LINK in the pod table 254
                neighbour fe80:0:0:0:0:0:0:1 at NODE_MAC on LINK in the pod
                IPv6 forwarding of the node
                IPv6 setting disable_ipv6=0 of LINK
                alias of LINK
                link LINK
                IPv4 settings {FORWARDING=1, RP_FILTER=0} of LINK
                route 10.0.7.20/32 dev LINK table 254
                neighbour 10.0.7.20 at PEER_MAC on LINK
                route 2001:db8:7:0:0:0:0:20/128 dev LINK table 254
                neighbour 2001:db8:7:0:0:0:0:20 at PEER_MAC on LINK
                rule 512: to 10.0.7.20/32 lookup 254
                rule 512: to 2001:db8:7:0:0:0:0:20/128 lookup 254
                """), objects(plan));
    }

    @Test
    void ipvlanPlanInL2ResolvesTheGatewayInThePodAndTurnsServicesBackOnTheParent() {
        EndpointPlan plan = new IpvlanDriver(IpvlanMode.L2, HOST_STACK).plan(spec(new Allocation.SharedEni(ENI, DUAL)));

        PodAttachment.IpvlanSlave slave = assertInstanceOf(PodAttachment.IpvlanSlave.class, plan.attachment());
        assertEquals("lwh3", slave.hostSlave());
        assertEquals(ENI.mac(), slave.podMac());
        assertEquals(ENI.gateways(), plan.podGateways());
        assertEquals(expected(plan, """
                IPv6 setting accept_dad=0 of eth0 in the pod
                IPv6 setting disable_ipv6=0 of eth0 in the pod
                IPv6 setting accept_ra=0 of eth0 in the pod
                alias of eth0 in the pod
                link lo in the pod
                link eth0 in the pod
                address 10.0.7.20/24 on eth0 in the pod
                route default via 10.0.7.253 dev eth0 in the pod table 254
                route 192.0.2.1/32 dev eth0 in the pod table 254
                neighbour 192.0.2.1 at 00:16:3e:00:00:07 on eth0 in the pod
                address 2001:db8:7:0:0:0:0:20/64 on eth0 in the pod
                route 2001:db8:7:0:0:0:0:fd/128 dev eth0 in the pod table 254
                route default via 2001:db8:7:0:0:0:0:fd dev eth0 in the pod table 254
                route 2001:db8:99:0:0:0:0:1/128 dev eth0 in the pod table 254
                neighbour 2001:db8:99:0:0:0:0:1 at 00:16:3e:00:00:07 on eth0 in the pod
                alias of LINK
                IPv6 forwarding of the node
                IPv6 setting accept_dad=0 of ENI
                IPv6 setting disable_ipv6=0 of ENI
                IPv6 setting accept_dad=0 of lwh3
                IPv6 setting disable_ipv6=0 of lwh3
                link ENI
                link lwh3
                no ARP on lwh3
                IPv4 settings {FORWARDING=1, RP_FILTER=0} of lwh3
                clsact of ENI
                address 192.0.2.1/32 on lwh3
                route 10.0.7.20/32 dev lwh3 table 254
                address 2001:db8:99:0:0:0:0:1/128 on lwh3
                route 2001:db8:7:0:0:0:0:20/128 dev lwh3 table 254
                redirects of [172.21.0.0/20, 2001:db8:aaaa:0:0:0:0:0/108] from ENI to lwh3
                rule 512: to 10.0.7.20/32 lookup 254
                rule 512: to 2001:db8:7:0:0:0:0:20/128 lookup 254
                """), objects(plan));
    }

    @Test
    void ipvlanPlanInL3ResolvesNothingInThePodAndLeavesByTheTableOfTheEni() {
        EndpointPlan plan = new IpvlanDriver(IpvlanMode.L3, HOST_STACK).plan(spec(new Allocation.SharedEni(ENI, IPV4)));

        assertEquals(List.of(), plan.podGateways());
        assertEquals(expected(plan, """
                alias of eth0 in the pod
                link lo in the pod
                link eth0 in the pod
                address 10.0.7.20/32 on eth0 in the pod
                route default dev eth0 in the pod table 254
                alias of LINK
                link ENI
                link lwh3
                no ARP on lwh3
                IPv4 settings {FORWARDING=1, RP_FILTER=0} of lwh3
                clsact of ENI
                address 192.0.2.1/32 on lwh3
                route 10.0.7.20/32 dev lwh3 table 254
                redirects of [172.21.0.0/20, 2001:db8:aaaa:0:0:0:0:0/108] from ENI to lwh3
                rule 512: to 10.0.7.20/32 lookup 254
                address 10.0.7.1/32 on ENI
                route default via 10.0.7.253 dev ENI table 1003
                rule 2048: from 10.0.7.20/32 lookup 1003
                """), objects(plan));
    }

    @Test
    void ipvlanModeL3sIsRefusedWithTheReason() {
        EndpointException refused =
                assertThrows(EndpointException.class, () -> new IpvlanDriver(IpvlanMode.L3S, HOST_STACK));

        assertEquals(EndpointException.Reason.UNSUPPORTED, refused.reason());
        assertTrue(refused.getMessage().contains("policy would be bypassed"), refused.getMessage());
    }

    @Test
    void vlanPlanHasTheMembersMacAndTheTrunkUp() {
        Allocation member = new Allocation.TrunkMember(ENI, TRUNK, 101, IPV4);

        EndpointPlan plan = new VlanDriver(HOST_STACK).plan(spec(member));

        PodAttachment.VlanMember vlan = assertInstanceOf(PodAttachment.VlanMember.class, plan.attachment());
        assertEquals(101, vlan.vlan());
        assertEquals(ENI.mac(), vlan.podMac());
        assertEquals(TRUNK, vlan.trunk());
        assertEquals(expected(plan, """
                alias of eth0 in the pod
                link lo in the pod
                link eth0 in the pod
                link LINK in the pod
                address 10.0.7.20/32 on eth0 in the pod
                route default via 10.0.7.253 dev eth0 in the pod table 254
                route 192.0.2.1/32 via 169.254.1.1 dev LINK in the pod table 254
                route 172.21.0.0/20 via 169.254.1.1 dev LINK in the pod table 254
                neighbour 169.254.1.1 at NODE_MAC on LINK in the pod
                alias of LINK
                link LINK
                IPv4 settings {FORWARDING=1, RP_FILTER=0} of LINK
                route 10.0.7.20/32 dev LINK table 254
                neighbour 10.0.7.20 at PEER_MAC on LINK
                link TRUNK
                rule 512: to 10.0.7.20/32 lookup 254
                """), objects(plan));
    }

    @Test
    void everyDriverRefusesWhatItCannotConnect() {
        Allocation shared = new Allocation.SharedEni(ENI, IPV4);
        Allocation whole = new Allocation.WholeEni(ENI, IPV4);
        Allocation member = new Allocation.TrunkMember(ENI, TRUNK, 101, IPV4);
        Driver ipvlan = new IpvlanDriver(IpvlanMode.L2, HOST_STACK);

        refuses(new VethDriver(), whole, member);
        refuses(ipvlan, whole, member);
        refuses(new ExclusiveDriver(HOST_STACK), shared, member);
        refuses(new VlanDriver(HOST_STACK), shared, whole);
    }

    private static void refuses(Driver driver, Allocation... allocations) {
        for (Allocation allocation : allocations) {
            EndpointException refused = assertThrows(EndpointException.class, () -> driver.plan(spec(allocation)));
            assertEquals(EndpointException.Reason.UNSUPPORTED, refused.reason(), driver.name());
        }
    }

    @Test
    void aliasOfANicTellsWhatItWasCalledAndWhoseItIs() {
        NicAlias alias = new NicAlias("eth1", KEY, "sandbox-1");
        assertEquals(Optional.of(alias), NicAlias.parse(alias.toString()));
        for (String other : List.of("", "eth1", "ledgerway-nic:", "ledgerway-nic:eth1/a/b", "ledgerway:a/b/c")) {
            assertEquals(Optional.empty(), NicAlias.parse(other));
        }
        NicAlias longest = new NicAlias(
                "fifteenletters1",
                new EndpointKey("u".repeat(EndpointKey.MAX_POD_UID), "fifteenletters1"),
                "s".repeat(EndpointSpec.MAX_SANDBOX));
        assertTrue(longest.toString().length() <= 255);
    }
}
