package io.ledgerway.node.endpoint;

import static io.ledgerway.node.TestNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.TestNetwork;
import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Members of a trunk, whose frames the VPC tells apart by VLAN ids.
@EnabledIf(
        value = "io.ledgerway.node.endpoint.KernelKinds#vlan",
        disabledReason = "this kernel has no 802.1Q VLANs; GuestTest runs this class in a guest that has")
class VlanTest {
    private static final int VLAN = 5;
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.5.11");
    private static final InetAddress ADDRESS_IPV6 = InetAddress.ofLiteral("2001:db8:5::11");

    private final TestNetwork network = new TestNetwork(1);
    private final EndpointsOnTrial trial = new EndpointsOnTrial(network);
    private final Eni member = new Eni(
            "eni-member",
            MacAddress.of("00:16:3e:00:05:05"),
            0,
            List.of(InetAddress.ofLiteral("10.0.5.253"), InetAddress.ofLiteral("2001:db8:5::fd")),
            Optional.empty());
    private final Endpoints endpoints = trial.start(
            new VlanDriver(new HostStack(List.of(InetAddress.ofLiteral(TestNetwork.NODE_ADDRESS)), List.of())));

    @BeforeEach
    void plugMember() {
        ip(network.vpc(), "link add link vsw1 name vsw1.5 type vlan id " + VLAN);
        ip(network.vpc(), "addr add 10.0.5.253/24 dev vsw1.5");
        ip(network.vpc(), "addr add 2001:db8:5::fd/64 dev vsw1.5 nodad");
        ip(network.vpc(), "link set vsw1.5 up");
        network.bringUp(network.eni(1));
    }

    @AfterEach
    void end() {
        endpoints.close();
        network.close();
    }

    private EndpointSpec spec(String pod, String sandbox) {
        return new EndpointSpec(
                new EndpointKey("uid-a", "eth0"),
                sandbox,
                network.pod(pod).pathOfDescriptor(),
                new Allocation.TrunkMember(member, network.eni(1), VLAN, List.of(ADDRESS, ADDRESS_IPV6)),
                TestNetwork.MTU);
    }

    @Test
    void podReachesVpcAndNodeAndIsReachedWithTheMembersMac() {
        EndpointSpec spec = spec("a", "s");

        EndpointResult result = endpoints.add(spec);

        assertEquals(member.mac(), result.podMac());
        assertEquals(List.of(), endpoints.check(spec));
        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE), "the VPC");
        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE_IPV6), "the VPC by IPv6");
        assertTrue(network.pings(network.vpc(), ADDRESS.getHostAddress()), "from the VPC");
        assertTrue(network.pings(network.vpc(), ADDRESS_IPV6.getHostAddress()), "from the VPC by IPv6");
        assertTrue(network.pings(network.pod("a"), TestNetwork.NODE_ADDRESS), "the node");
        assertTrue(network.pings(network.node(), ADDRESS.getHostAddress()), "from the node");
        assertTrue(ip(network.vpc(), "neigh").contains(member.mac().toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "created", "stacked", "pod", "node"})
    void addConvergesWhereverItDiedAndDelLeavesNothing(String step) throws InterruptedException {
        List<String> before = network.nodeDump().lines().sorted().toList();
        EndpointSpec spec = spec("a", "s");
        trial.killAt(step);
        if (!step.equals("never")) {
            assertThrows(EndpointsOnTrial.Killed.class, () -> endpoints.add(spec));
        }
        trial.killNowhere();

        endpoints.add(spec);

        assertEquals(List.of(), endpoints.check(spec));
        trial.remove(endpoints, spec);
        assertEquals(before, network.nodeDump().lines().sorted().toList());
        assertFalse(network.podDump("a").contains("eth0"));
    }

    @Test
    void newSandboxTakesTheVlanFromTheOld() {
        endpoints.add(spec("old", "s"));

        endpoints.add(spec("new", "t"));

        assertFalse(network.podDump("old").contains("eth0"));
        assertTrue(network.pings(network.pod("new"), TestNetwork.ELSEWHERE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pod  | link del eth0                     | it is not in the pod
            pod  | link set eth0 down                | link eth0 in the pod: it is down
            pod  | link set eth0 alias x             | alias of eth0 in the pod: it is "x"
            pod  | route del default                 | route default via 10.0.5.253 dev eth0 in the pod
            node | link set eth1 down                | it is down
            """)
    void everyLossIsSeenByCheckAndMadeGoodByTheNextAdd(String where, String damage, String seen) {
        EndpointSpec spec = spec("a", "s");
        endpoints.add(spec);

        ip(where.equals("pod") ? network.pod("a") : network.node(), damage);

        String differences = endpoints.check(spec).toString();
        assertTrue(differences.contains(seen), differences);
        endpoints.add(spec);
        assertEquals(List.of(), endpoints.check(spec));
        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE));
    }
}
