package io.ledgerway.node.endpoint;

import static io.ledgerway.node.TestNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.TestNetwork;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.StackedLink.IpvlanMode;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Slaves of ENIs, with a real kernel under them.
@EnabledIf(
        value = "io.ledgerway.node.endpoint.KernelKinds#ipvlan",
        disabledReason = "this kernel has no ipvlan; GuestTest runs this class in a guest that has")
class IpvlanTest {
    /// Only the node's stack knows these.
    private static final String SERVICE = "198.51.100.7";

    private static final String SERVICE_IPV6 = "2001:db8:aaaa::7";
    private static final IpPrefix SERVICES = new IpPrefix(InetAddress.ofLiteral("198.51.100.0"), 24);
    private static final IpPrefix SERVICES_IPV6 = new IpPrefix(InetAddress.ofLiteral("2001:db8:aaaa::"), 48);
    private static final String NODE_ADDRESS_IPV6 = "2001:db8:99::1";

    private final TestNetwork network = new TestNetwork(2);
    private final EndpointsOnTrial trial = new EndpointsOnTrial(network);
    private Endpoints endpoints;

    @BeforeEach
    void prepare() {
        TestNetwork.run(network.node(), "sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/lo/disable_ipv6");
        ip(network.node(), "addr add " + NODE_ADDRESS_IPV6 + "/128 dev lo");
        ip(network.node(), "addr add " + SERVICE + "/32 dev lo");
        ip(network.node(), "addr add " + SERVICE_IPV6 + "/128 dev lo");
        network.bringUp(network.eni(1));
        network.bringUp(network.eni(2));
        start(IpvlanMode.L2, List.of(SERVICES, SERVICES_IPV6));
    }

    private void start(IpvlanMode mode, List<IpPrefix> blocks) {
        HostStack hostStack = new HostStack(
                List.of(InetAddress.ofLiteral(TestNetwork.NODE_ADDRESS), InetAddress.ofLiteral(NODE_ADDRESS_IPV6)),
                blocks);
        if (endpoints != null) {
            endpoints.close();
        }
        endpoints = trial.start(new IpvlanDriver(mode, hostStack));
        endpoints.prepareNode();
    }

    @AfterEach
    void end() {
        endpoints.close();
        network.close();
    }

    private EndpointSpec dual(String pod, int eni, int number) {
        return network.spec(pod, eni, List.of(TestNetwork.address(eni, number), TestNetwork.addressIpv6(eni, number)));
    }

    private static String linkOf(EndpointSpec spec) {
        return LinkNames.onNode(spec.key());
    }

    @ParameterizedTest
    @EnumSource(value = IpvlanMode.class, names = "L3S", mode = EnumSource.Mode.EXCLUDE)
    void podsReachEachOtherTheVpcTheNodeAndWhatTheNodeServes(IpvlanMode mode) {
        start(mode, List.of(SERVICES, SERVICES_IPV6));
        EndpointSpec a = dual("a", 1, 1);
        EndpointSpec sibling = dual("b", 1, 2);
        EndpointSpec other = dual("c", 2, 1);
        for (EndpointSpec spec : List.of(a, sibling, other)) {
            endpoints.add(spec);
            assertEquals(List.of(), endpoints.check(spec));
        }

        for (EndpointSpec to : List.of(sibling, other)) {
            for (InetAddress address : to.allocation().addresses()) {
                assertTrue(network.pings(network.pod("a"), address.getHostAddress()), "a to " + address);
            }
        }
        for (InetAddress address : a.allocation().addresses()) {
            assertTrue(network.pings(network.vpc(), address.getHostAddress()), "the VPC to " + address);
            assertTrue(network.pings(network.node(), address.getHostAddress()), "the node to " + address);
        }
        for (String to : List.of(
                TestNetwork.ELSEWHERE,
                TestNetwork.ELSEWHERE_IPV6,
                TestNetwork.NODE_ADDRESS,
                NODE_ADDRESS_IPV6,
                SERVICE,
                SERVICE_IPV6)) {
            assertTrue(network.pings(network.pod("a"), to), "a to " + to);
        }
    }

    @Test
    void siblingsMeetWithoutTheVpc() {
        EndpointSpec a = dual("a", 1, 1);
        EndpointSpec sibling = dual("b", 1, 2);
        endpoints.add(a);
        endpoints.add(sibling);
        ip(network.vpc(), "route del 10.0.1.12/32");
        ip(network.vpc(), "route add blackhole 10.0.1.12/32");

        assertTrue(network.pings(network.pod("a"), "10.0.1.12"));
    }

    @Test
    void repeatedAddChangesNothing() {
        EndpointSpec spec = dual("a", 1, 1);
        EndpointResult first = endpoints.add(spec);
        String node = network.nodeDump();
        String pod = network.podDump("a");

        assertEquals(first, endpoints.add(spec));

        assertEquals(node, network.nodeDump());
        assertEquals(pod, network.podDump("a"));
    }

    @Test
    void removalLeavesWhatOtherPodsUse() throws InterruptedException {
        EndpointSpec stays = dual("stays", 1, 9);
        endpoints.add(stays);
        String before = network.nodeDump();
        EndpointSpec spec = dual("a", 1, 1);
        endpoints.add(spec);

        trial.remove(endpoints, spec);

        assertEquals(before, network.nodeDump());
        assertFalse(network.podDump("a").contains("eth0"));
        assertEquals(List.of(), endpoints.check(stays));
        assertTrue(network.pings(network.pod("stays"), SERVICE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"created", "stacked", "pod", "node"})
    void addThatDiesBetweenStepsConvergesAndEnds(String step) throws InterruptedException {
        EndpointSpec stays = dual("stays", 1, 9);
        endpoints.add(stays);
        String before = network.nodeDump();
        EndpointSpec spec = dual("a", 1, 1);
        trial.killAt(step);
        assertThrows(EndpointsOnTrial.Killed.class, () -> endpoints.add(spec));
        trial.killNowhere();

        endpoints.add(spec);

        assertEquals(List.of(), endpoints.check(spec));
        trial.remove(endpoints, spec);
        assertEquals(before, network.nodeDump());
        assertFalse(network.podDump("a").contains("eth0"));
    }

    @Test
    void leftoversOfAnInterruptedAddAreSweptFromThePodToo() {
        EndpointSpec stays = dual("stays", 1, 9);
        endpoints.add(stays);
        String before = network.nodeDump();
        EndpointSpec spec = dual("a", 1, 1);
        trial.killAt("stacked");
        assertThrows(EndpointsOnTrial.Killed.class, () -> endpoints.add(spec));
        trial.killNowhere();

        endpoints.recover(List.of(stays));

        assertEquals(before, network.nodeDump());
        assertFalse(network.podDump("a").contains("eth0"));
    }

    @Test
    void newSandboxTakesTheAddressFromTheOld() {
        EndpointSpec old = dual("old", 1, 1);
        endpoints.add(old);
        EndpointSpec current = new EndpointSpec(
                old.key(), "sandbox-new", network.pod("new").pathOfDescriptor(), old.allocation(), TestNetwork.MTU);

        endpoints.add(current);

        assertFalse(network.podDump("old").contains("eth0"));
        assertEquals(List.of(), endpoints.check(current));
        assertTrue(network.pings(network.pod("new"), TestNetwork.ELSEWHERE));
    }

    @Test
    void endpointIsFoundInTheKernelAloneAndNotTouchedByARestart() {
        EndpointSpec spec = dual("a", 1, 1);
        endpoints.add(spec);
        String node = network.nodeDump();
        start(IpvlanMode.L2, List.of(SERVICES, SERVICES_IPV6));

        assertEquals(
                spec.allocation().addresses(),
                endpoints.inventory().endpoints().getFirst().addresses());
        assertEquals(List.of(spec.key()), endpoints.recover(List.of(spec)).healthy());
        assertEquals(node, network.nodeDump());
    }

    @Test
    void blocksThatTheNodeNoLongerServesAreNoLongerTurnedBack() {
        EndpointSpec spec = dual("a", 1, 1);
        endpoints.add(spec);
        start(IpvlanMode.L2, List.of(SERVICES));

        assertTrue(endpoints.check(spec).toString().contains("redirects of"));
        assertEquals(
                spec.key(),
                endpoints.recover(List.of(spec)).repaired().getFirst().key());

        assertEquals(List.of(), endpoints.check(spec));
        assertFalse(network.pings(network.pod("a"), SERVICE_IPV6));
        assertTrue(network.pings(network.pod("a"), SERVICE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pod  | ip link set eth0 down                       | link eth0 in the pod: it is down
            pod  | ip addr del 10.0.1.11/24 dev eth0           | address 10.0.1.11/24 on eth0 in the pod: it is missing
            pod  | ip route del 192.0.2.1                      | route 192.0.2.1/32 dev eth0 in the pod
            pod  | ip neigh del 192.0.2.1 dev eth0             | neighbour 192.0.2.1 at
            pod  | ip link del eth0                            | it is not in the pod
            node | ip link del lwh1                            | the node's own slave: it is missing
            node | ip link set lwh1 arp on                     | no ARP on lwh1: it asks for neighbours
            node | ip addr del 192.0.2.1/32 dev lwh1           | address 192.0.2.1/32 on lwh1
            node | ip route del 10.0.1.11                      | route 10.0.1.11/32 dev lwh1 table 254
            node | ip rule del prio 512                        | rule 512: to 10.0.1.11/32
            node | tc qdisc del dev eth1 clsact                | clsact of ENI eni-1
            node | tc filter del dev eth1 egress prio 4000     | redirects of
            node | tc filter del dev eth1 egress prio 4001 protocol ipv6 | redirects of
            node | tc filter add dev eth1 egress prio 4000 protocol ip handle 9 flower dst_ip 203.0.113.0/24 action mirred ingress redirect dev lwh1 | redirects of
            """)
    void everyLossIsSeenByCheckAndMadeGoodByTheNextAdd(String where, String damage, String seen) {
        EndpointSpec spec = dual("a", 1, 1);
        endpoints.add(spec);

        TestNetwork.run(where.equals("pod") ? network.pod("a") : network.node(), damage.split(" "));

        String differences = endpoints.check(spec).toString();
        assertTrue(differences.contains(seen.replace("LINK", linkOf(spec))), differences);
        endpoints.add(spec);
        assertEquals(List.of(), endpoints.check(spec));
        for (String to : List.of(TestNetwork.ELSEWHERE, TestNetwork.NODE_ADDRESS, SERVICE, SERVICE_IPV6)) {
            assertTrue(network.pings(network.pod("a"), to), to);
        }
    }
}
