package io.ledgerway.node.endpoint;

import static io.ledgerway.node.TestNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.TestNetwork;
import io.ledgerway.node.endpoint.EndpointException.Reason;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.NetNs;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The NIC moves into the pod and comes back. The NIC is one end of a veth pair here, which the kernel deletes with its
/// namespace; what it does with hardware is done by hand.
class ExclusiveTest {
    /// Only the node's stack knows this block.
    private static final String SERVICE = "198.51.100.7";

    private static final String NODE_ADDRESS_IPV6 = "2001:db8:99::1";

    private final TestNetwork network = new TestNetwork(2);
    private final EndpointsOnTrial trial = new EndpointsOnTrial(network);
    private final Driver driver = new ExclusiveDriver(new HostStack(
            List.of(InetAddress.ofLiteral(TestNetwork.NODE_ADDRESS), InetAddress.ofLiteral(NODE_ADDRESS_IPV6)),
            List.of(new IpPrefix(InetAddress.ofLiteral("198.51.100.0"), 24))));
    private Endpoints endpoints = trial.start(driver);

    @AfterEach
    void end() {
        endpoints.close();
        network.close();
    }

    /// A NIC that was away comes later among the links than before.
    private List<String> nodeState() {
        return network.nodeDump().lines().sorted().toList();
    }

    private EndpointSpec dual(String pod) {
        return network.whole(pod, 1, List.of(TestNetwork.address(1, 1), TestNetwork.addressIpv6(1, 1)));
    }

    private boolean pings(NetNs from, String to) {
        return network.pings(from, to);
    }

    @Test
    void podHasTheEniItselfAndReachesVpcNodeAndWhatTheNodeServes() {
        ip(network.node(), "addr add " + SERVICE + "/32 dev lo");
        TestNetwork.run(network.node(), "sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/lo/disable_ipv6");
        ip(network.node(), "addr add " + NODE_ADDRESS_IPV6 + "/128 dev lo");
        EndpointSpec spec = dual("a");

        EndpointResult result = endpoints.add(spec);

        assertEquals(network.eni(1).mac(), result.podMac());
        assertEquals(network.eni(1).gateways(), result.podGateways());
        assertEquals(List.of(), endpoints.check(spec));
        assertFalse(ip(network.node(), "link").contains(network.eni(1).mac().toString()));
        assertTrue(pings(network.pod("a"), TestNetwork.ELSEWHERE), "the VPC");
        assertTrue(pings(network.pod("a"), TestNetwork.ELSEWHERE_IPV6), "the VPC by IPv6");
        assertTrue(pings(network.vpc(), "10.0.1.11"), "from the VPC");
        assertTrue(pings(network.vpc(), "2001:db8:1::11"), "from the VPC by IPv6");
        assertTrue(pings(network.pod("a"), TestNetwork.NODE_ADDRESS), "the node");
        assertTrue(pings(network.node(), "10.0.1.11"), "from the node");
        assertTrue(pings(network.node(), "2001:db8:1::11"), "from the node by IPv6");
        assertTrue(pings(network.pod("a"), NODE_ADDRESS_IPV6), "the node by IPv6");
        assertTrue(pings(network.pod("a"), SERVICE), "what only the node serves");
    }

    @Test
    void nicComesBackUnderItsNameAndTheNodeIsAsItWas() throws InterruptedException {
        List<String> before = nodeState();
        EndpointSpec spec = dual("a");
        endpoints.add(spec);

        trial.remove(endpoints, spec);

        assertEquals(before, nodeState());
        assertFalse(network.podDump("a").contains("eth0"));
        endpoints.add(spec);
        assertTrue(pings(network.pod("a"), TestNetwork.ELSEWHERE));
    }

    @Test
    void repeatedAddChangesNothing() {
        EndpointSpec spec = dual("a");
        EndpointResult first = endpoints.add(spec);
        String node = network.nodeDump();
        String pod = network.podDump("a");

        assertEquals(first, endpoints.add(spec));

        assertEquals(node, network.nodeDump());
        assertEquals(pod, network.podDump("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"created", "moved", "pod", "node"})
    void addThatDiesBetweenStepsConvergesAndEnds(String step) throws InterruptedException {
        List<String> before = nodeState();
        EndpointSpec spec = dual("a");
        trial.killAt(step);
        assertThrows(EndpointsOnTrial.Killed.class, () -> endpoints.add(spec));
        trial.killNowhere();

        endpoints.add(spec);

        assertEquals(List.of(), endpoints.check(spec));
        assertTrue(pings(network.pod("a"), TestNetwork.ELSEWHERE));
        trial.remove(endpoints, spec);
        assertEquals(before, nodeState());
    }

    @ParameterizedTest
    @ValueSource(strings = {"created", "moved", "pod", "node"})
    void addThatDiesBetweenStepsIsUndoneByDel(String step) throws InterruptedException {
        List<String> before = nodeState();
        EndpointSpec spec = dual("a");
        trial.killAt(step);
        assertThrows(EndpointsOnTrial.Killed.class, () -> endpoints.add(spec));

        trial.remove(endpoints, spec);

        assertEquals(before, nodeState());
    }

    @Test
    void nicThatTheKernelHandedBackGetsItsNameAgain() throws InterruptedException {
        List<String> before = nodeState();
        EndpointSpec spec = dual("a");
        endpoints.add(spec);
        ip(network.node(), "link add eth0 type veth peer name its-peer");
        handBack("a", "dev7");

        trial.remove(endpoints, spec);

        ip(network.node(), "link del eth0");
        assertEquals(before, nodeState());
    }

    /// As the kernel does with hardware when its namespace ends.
    private void handBack(String pod, String name) {
        ip(network.pod(pod), "link set eth0 down");
        ip(network.pod(pod), "link set eth0 name " + name);
        ip(network.pod(pod), "link set " + name + " netns " + network.node().pathOfDescriptor());
        network.endPod(pod);
    }

    @Test
    void restartSettlesANicThatCameBackMeanwhile() {
        EndpointSpec spec = dual("a");
        endpoints.add(spec);
        handBack("a", "dev7");
        endpoints.close();
        endpoints = trial.start(driver);

        Recovery recovery = endpoints.recover(List.of());

        assertTrue(
                recovery.swept().toString().contains("came back as dev7"),
                recovery.swept().toString());
        assertTrue(ip(network.node(), "link show eth1")
                .contains(network.eni(1).mac().toString()));
    }

    @Test
    void nicThatWasNoHardwareIsLostWithItsNamespaceAndTheDelIsDoneAllTheSame() throws InterruptedException {
        EndpointSpec spec = dual("a");
        EndpointSpec next = dual("b");
        endpoints.add(spec);
        network.endPod("a");
        long end = System.nanoTime() + 10_000_000_000L;
        while (ip(network.node(), "link").contains(driver.nodeLinkName(spec.key())) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }

        trial.remove(endpoints, spec);

        EndpointException refused = assertThrows(EndpointException.class, () -> endpoints.add(next));
        assertEquals(Reason.ENI_MISSING, refused.reason());
        assertFalse(network.nodeDump().contains("10.0.1.11"));
    }

    @Test
    void newSandboxTakesTheNicFromTheOld() {
        EndpointSpec old = dual("old");
        endpoints.add(old);
        EndpointSpec current = new EndpointSpec(
                old.key(), "sandbox-new", network.pod("new").pathOfDescriptor(), old.allocation(), TestNetwork.MTU);

        endpoints.add(current);

        assertFalse(network.podDump("old").contains("eth0"));
        assertEquals(List.of(), endpoints.check(current));
        assertTrue(pings(network.pod("new"), TestNetwork.ELSEWHERE));
    }

    @Test
    void interfaceNameTakenByOthersIsRefusedAndTheNicStays() {
        EndpointSpec spec = dual("a");
        ip(network.pod("a"), "link add eth0 type veth peer name other");
        String node = network.nodeDump();
        String pod = network.podDump("a");

        EndpointException refused = assertThrows(EndpointException.class, () -> endpoints.add(spec));

        assertEquals(Reason.NAME_TAKEN, refused.reason());
        assertEquals(node, network.nodeDump());
        assertEquals(pod, network.podDump("a"));
    }

    @Test
    void failedAddBringsTheNicBack() {
        EndpointSpec good = dual("a");
        List<String> before = nodeState();
        // The kernel refuses a gateway that is an address of the pod itself.
        Eni bad = new Eni(
                good.allocation().eni().id(),
                network.eni(1).mac(),
                1,
                TestNetwork.address(1, 1),
                java.util.Optional.empty());
        EndpointSpec spec = new EndpointSpec(
                good.key(),
                good.sandbox(),
                good.netns(),
                new Allocation.WholeEni(bad, List.of(TestNetwork.address(1, 1))),
                TestNetwork.MTU);

        EndpointException refused = assertThrows(EndpointException.class, () -> endpoints.add(spec));

        assertEquals(Reason.KERNEL_REFUSED, refused.reason());
        assertEquals(before, nodeState());
    }

    @Test
    void endpointIsFoundAfterARestartAndNotTouched() {
        EndpointSpec spec = dual("a");
        endpoints.add(spec);
        String node = network.nodeDump();
        endpoints.close();
        endpoints = trial.start(driver);

        assertEquals(
                spec.allocation().addresses(),
                endpoints.inventory().endpoints().getFirst().addresses());
        assertEquals(List.of(spec.key()), endpoints.recover(List.of(spec)).healthy());
        assertEquals(node, network.nodeDump());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pod  | link set eth0 down                   | link eth0 in the pod: it is down
            pod  | addr del 10.0.1.11/32 dev eth0       | address 10.0.1.11/32 on eth0 in the pod: it is missing
            pod  | route del default                    | route default via 10.0.1.253 dev eth0 in the pod
            pod  | -6 route del default                 | route default via 2001:db8:1:0:0:0:0:fd dev eth0 in the pod
            pod  | -6 route flush 2001:db8:1::fd        | route 2001:db8:1:0:0:0:0:fd/128 dev eth0 in the pod
            pod  | route del 192.0.2.1                  | route 192.0.2.1/32 via 169.254.1.1 dev LINK in the pod
            pod  | route del 198.51.100.0/24            | route 198.51.100.0/24 via 169.254.1.1 dev LINK in the pod
            pod  | neigh del 169.254.1.1 dev LINK       | neighbour 169.254.1.1 at
            pod  | link set eth0 mtu 1400               | MTU is 1500 on the node and 1400 in the pod
            pod  | link set LINK mtu 1400               | MTU is 1500 on the node and 1400 in the pod
            pod  | link set eth0 alias x                | it has the alias "x"
            node | route del 10.0.1.11                  | route 10.0.1.11/32 dev LINK table 254
            node | rule del prio 512                    | rule 512: to 10.0.1.11/32
            node | link del LINK                        | the end on the node is missing
            """)
    void everyLossIsSeenByCheckAndMadeGoodByTheNextAdd(String where, String damage, String seen) {
        EndpointSpec spec = dual("a");
        endpoints.add(spec);
        String link = driver.nodeLinkName(spec.key());

        ip(where.equals("pod") ? network.pod("a") : network.node(), damage.replace("LINK", link));

        String differences = endpoints.check(spec).toString();
        assertTrue(differences.contains(seen.replace("LINK", link)), differences);
        endpoints.add(spec);
        assertEquals(List.of(), endpoints.check(spec));
        assertTrue(pings(network.pod("a"), TestNetwork.ELSEWHERE));
    }

    @Test
    void nicThatWasMovedAwayIsSeenAndMovedAgain() {
        EndpointSpec spec = dual("a");
        endpoints.add(spec);
        ip(network.pod("a"), "link set eth0 netns " + network.node().pathOfDescriptor());

        assertTrue(endpoints.check(spec).toString().contains("it is not in the pod"));
        endpoints.add(spec);

        assertEquals(List.of(), endpoints.check(spec));
    }
}
