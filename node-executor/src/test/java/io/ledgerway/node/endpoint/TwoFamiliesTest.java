package io.ledgerway.node.endpoint;

import static io.ledgerway.node.TestNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.TestNetwork;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The veth driver with IPv6, alone and beside IPv4, on a node whose new links have IPv6 off.
class TwoFamiliesTest {
    private final TestNetwork network = new TestNetwork(2);
    private final EndpointsOnTrial trial = new EndpointsOnTrial(network);
    private final VethDriver driver = new VethDriver();
    private final Endpoints endpoints = trial.start(driver);

    /// ENIs are up for long when the first pod comes; the kernel makes no link-local address before there is a carrier.
    @BeforeEach
    void prepare() {
        network.bringUp(network.eni(1));
        network.bringUp(network.eni(2));
        endpoints.prepareNode();
        ip(network.node(), "addr add 2001:db8:99::1/128 dev lo");
        TestNetwork.run(network.node(), "sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/lo/disable_ipv6");
    }

    @AfterEach
    void end() {
        endpoints.close();
        network.close();
    }

    private EndpointSpec dual(String pod, int eni, int number) {
        return network.spec(pod, eni, List.of(TestNetwork.address(eni, number), TestNetwork.addressIpv6(eni, number)));
    }

    private EndpointSpec single(String pod, int eni, int number) {
        return network.spec(pod, eni, List.of(TestNetwork.addressIpv6(eni, number)));
    }

    @Test
    void podsReachEachOtherAndTheVpcWithBothFamiliesAtOnceAfterTheAdd() {
        EndpointSpec a = dual("a", 1, 1);
        EndpointSpec b = dual("b", 1, 2);
        EndpointSpec c = single("c", 2, 3);
        for (EndpointSpec spec : List.of(a, b, c)) {
            endpoints.add(spec);
            assertEquals(List.of(), endpoints.check(spec));
        }

        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE_IPV6), "the VPC, no second after the ADD");
        assertTrue(network.pings(network.pod("c"), TestNetwork.ELSEWHERE_IPV6), "the VPC with IPv6 alone");
        for (EndpointSpec to : List.of(a, b, c)) {
            for (InetAddress address : to.allocation().addresses()) {
                assertTrue(network.pings(network.pod("a"), address.getHostAddress()), "a to " + address);
                assertTrue(network.pings(network.vpc(), address.getHostAddress()), "the VPC to " + address);
                assertTrue(network.pings(network.node(), address.getHostAddress()), "the node to " + address);
            }
        }
        assertTrue(network.pings(network.pod("c"), TestNetwork.addressIpv6(1, 1).getHostAddress()), "c to a");
    }

    @Test
    void nodeThatHasTheEnisPrefixInItsMainTableStillGetsTheDefaultRoute() {
        ip(network.node(), "link set eth2 up");
        TestNetwork.run(network.node(), "sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/eth2/disable_ipv6");
        ip(network.node(), "addr add 2001:db8:1::abcd/64 dev eth2 nodad");
        EndpointSpec spec = dual("a", 1, 1);

        endpoints.add(spec);

        assertEquals(List.of(), endpoints.check(spec));
        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE_IPV6));
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
    void removalLeavesNothingOfEitherFamily() throws InterruptedException {
        endpoints.add(dual("stays", 1, 9));
        String before = network.nodeDump();
        EndpointSpec spec = dual("a", 1, 1);
        endpoints.add(spec);

        endpoints.remove(spec.key(), spec.sandbox(), List.of());

        trial.awaitGone(spec);
        assertEquals(before, network.nodeDump());
    }

    @Test
    void bothAddressesAreFoundInTheKernelAlone() {
        EndpointSpec spec = dual("a", 1, 1);
        endpoints.add(spec);

        assertEquals(
                spec.allocation().addresses(),
                endpoints.inventory().endpoints().getFirst().addresses());
        assertEquals(List.of(), endpoints.inventory().orphanedRules());
    }

    @Test
    void linksThatLiveOnRouterAdvertisementsKeepThemWhenTheNodeForwards() {
        TestNetwork.run(network.node(), "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/eth2/accept_ra");

        endpoints.add(dual("a", 1, 1));

        assertEquals("2\n", TestNetwork.run(network.node(), "cat", "/proc/sys/net/ipv6/conf/eth2/accept_ra"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pod  | ip -6 addr flush dev eth0                                   | address 2001:db8:1:0:0:0:0:11/128 on eth0 in the pod
            pod  | ip -6 route del default                                     | route default via fe80:0:0:0:0:0:0:1 dev eth0 in the pod
            pod  | ip neigh del fe80::1 dev eth0                               | neighbour fe80:0:0:0:0:0:0:1 at
            pod  | echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6          | IPv6 setting disable_ipv6=0 of eth0 in the pod: it is 1
            pod  | echo 1 > /proc/sys/net/ipv6/conf/eth0/accept_ra             | IPv6 setting accept_ra=0 of eth0 in the pod: it is 1
            node | ip -6 route del 2001:db8:1::11                              | route 2001:db8:1:0:0:0:0:11/128 dev LINK
            node | ip -6 neigh del 2001:db8:1::11 dev LINK                     | neighbour 2001:db8:1:0:0:0:0:11 at
            node | ip -6 rule del prio 512                                     | rule 512: to 2001:db8:1:0:0:0:0:11/128
            node | ip -6 rule del prio 2048                                    | rule 2048: from 2001:db8:1:0:0:0:0:11/128
            node | ip -6 route flush table 1001                                | route 2001:db8:1:0:0:0:0:fd/128 dev ENI eni-1
            node | echo 0 > /proc/sys/net/ipv6/conf/all/forwarding             | IPv6 forwarding of the node: it is 0
            node | echo 1 > /proc/sys/net/ipv6/conf/LINK/disable_ipv6          | IPv6 setting disable_ipv6=0 of LINK: it is 1
            node | ip -6 rule add from 2001:db8:1::11 lookup 1002 prio 2048 proto 76 | another rule decides
            """)
    void everyLossIsSeenByCheckAndMadeGoodByTheNextAdd(String where, String damage, String seen) {
        EndpointSpec spec = dual("a", 1, 1);
        endpoints.add(spec);
        String link = driver.nodeLinkName(spec.key());

        TestNetwork.run(
                where.equals("pod") ? network.pod("a") : network.node(), "sh", "-c", damage.replace("LINK", link));

        String differences = endpoints.check(spec).toString();
        assertTrue(differences.contains(seen.replace("LINK", link)), differences);
        endpoints.add(spec);
        assertEquals(List.of(), endpoints.check(spec));
        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE_IPV6));
    }
}
