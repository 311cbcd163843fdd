package io.ledgerway.simulation.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.simulation.probe.Ping;
import io.ledgerway.simulation.probe.TcpStream;
import io.ledgerway.simulator.InstanceView;
import io.ledgerway.simulator.NetworkInterfaceView;
import io.ledgerway.simulator.VSwitchView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two nodes in two vSwitches of one VPC; node 1 has a second ENI with addresses for pods, node 2 too.
class VpcInABoxTest {

    private static final NetworkInterfaceView PRIMARY_1 =
            eni("eni-p1", "00:16:3e:00:00:01", "vsw-a", "i-1", 0, "10.0.0.1");
    private static final NetworkInterfaceView PRIMARY_2 =
            eni("eni-p2", "00:16:3e:00:00:02", "vsw-b", "i-2", 0, "10.0.1.1");
    private static final NetworkInterfaceView PODS_1 =
            eni("eni-s1", "00:16:3e:00:00:11", "vsw-a", "i-1", 1, "10.0.0.10", "10.0.0.11", "10.0.0.12");
    private static final NetworkInterfaceView PODS_2 =
            eni("eni-s2", "00:16:3e:00:00:12", "vsw-b", "i-2", 1, "10.0.1.10", "10.0.1.11");

    private final BoxId id = new BoxId("k" + ProcessHandle.current().pid());
    private VpcInABox box;

    @BeforeEach
    void openTheBox() {
        box = VpcInABox.open(id);
        box.vSwitchCreated(new VSwitchView("vsw-a", "vpc-1", "zone-a", "10.0.0.0/24", "10.0.0.253"));
        box.vSwitchCreated(new VSwitchView("vsw-b", "vpc-1", "zone-b", "10.0.1.0/24", "10.0.1.253"));
        box.instanceCreated(new InstanceView("i-1", "ecs.g7.large", "zone-a"));
        box.instanceCreated(new InstanceView("i-2", "ecs.g7.large", "zone-b"));
        List.of(PRIMARY_1, PRIMARY_2, PODS_1, PODS_2).forEach(box::plugged);
    }

    @AfterEach
    void closeTheBox() {
        box.close();
    }

    @Test
    void nodesReachEachOtherThroughTheRouterBetweenTheirVSwitches() {
        assertTrue(Ping.reaches(box.namespaceOf("i-1"), "10.0.1.1"));
        assertTrue(Ping.reaches(box.namespaceOf("i-2"), "10.0.0.1"));
    }

    @Test
    void podsReachEachOtherAndNothingIsDropped() {
        var pods = new ArrayList<HandMadePod>();
        pods.add(podOnNode1("10.0.0.11"));
        pods.add(podOnNode1("10.0.0.12"));
        pods.add(podOnNode2("10.0.1.11"));

        var matrix = Ping.matrix(
                pods.stream()
                        .map(pod -> new Ping.Station(pod.address(), pod.namespace(), pod.address()))
                        .toList(),
                done -> {});

        assertEquals(new Ping.Matrix(6, List.of()), matrix);
        assertEquals(0, box.sourceChecksInAll().spoofed());
        assertTrue(box.sourceChecks().get("eni-s1").passed() > 0);
    }

    @Test
    void aTcpStreamArrivesWhole() {
        var sender = podOnNode1("10.0.0.11");
        var receiver = podOnNode2("10.0.1.11");

        var result = TcpStream.between(sender.namespace(), receiver.namespace(), receiver.address(), 1_000_000);

        assertEquals(new TcpStream.Result(true, "1000000 of 1000000 bytes arrived"), result);
    }

    @Test
    void anAddressOfNobodyIsNotReached() {
        assertFalse(Ping.reaches(box.namespaceOf("i-1"), "10.0.0.99"));
    }

    @Test
    void anAddressThatTheEniDoesNotHoldIsDroppedAndCounted() {
        var thief = podOnNode1("10.0.0.66");
        var victim = podOnNode2("10.0.1.11");

        assertFalse(thief.reaches(victim));

        assertTrue(box.sourceChecks().get("eni-s1").spoofedIp() > 0);
        assertFalse(victim.reaches(thief), "the VPC knows no holder of the stolen address");
    }

    @Test
    void anAddressOfTheNeighbourEniIsDroppedAndCounted() {
        var thief = podOnNode1("10.0.1.11");
        var other = podOnNode2("10.0.1.10");

        assertFalse(Ping.reaches(thief.namespace(), other.address()));

        assertEquals(0, box.sourceChecks().get("eni-s2").spoofed());
        assertTrue(box.sourceChecks().get("eni-s1").spoofedIp() > 0);
    }

    @Test
    void aStolenMacIsDroppedAndCounted() {
        var node = box.namespaceOf("i-1");
        Shell.inNamespace(node, "ip link set dev eth0 address " + PRIMARY_2.macAddress())
                .orThrow();

        assertFalse(Ping.reaches(node, "10.0.1.1"));

        assertTrue(box.sourceChecks().get("eni-p1").spoofedMac() > 0);
        assertTrue(Ping.reaches(box.namespaceOf("i-2"), "10.0.1.253"), "the MAC's owner keeps its traffic");
    }

    @Test
    void anArpSenderThatTheEniDoesNotHoldIsDroppedAndCounted() {
        var node = box.namespaceOf("i-1");
        Shell.inNamespace(node, "ip address del 10.0.0.1/24 dev eth0; ip address add 10.0.0.66/24 dev eth0")
                .orThrow();

        assertFalse(Ping.reaches(node, "10.0.0.253"));

        assertTrue(box.sourceChecks().get("eni-p1").spoofedNeighbour() > 0);
    }

    @Test
    void theVpcAnswersForAnAddressOfItsOwnWithoutAskingTheNode() {
        box.instanceCreated(new InstanceView("i-3", "ecs.g7.large", "zone-a"));
        box.plugged(eni("eni-p3", "00:16:3e:00:00:03", "vsw-a", "i-3", 0, "10.0.0.3"));
        podOnNode1("10.0.0.11");

        assertTrue(Ping.reaches(box.namespaceOf("i-3"), "10.0.0.11"));

        var learned = Shell.run("ip", "-n", box.namespaceOf("i-3"), "neighbour", "show", "10.0.0.11")
                .orThrow();
        assertTrue(learned.contains(PODS_1.macAddress()), learned);
    }

    @Test
    void anAssignedAddressPassesAndAnUnassignedOneStops() {
        var wanted = podOnNode1("10.0.0.77");
        var other = podOnNode2("10.0.1.11");
        assertFalse(wanted.reaches(other));

        box.addressesChanged(eni("eni-s1", PODS_1.macAddress(), "vsw-a", "i-1", 1, "10.0.0.10", "10.0.0.77"));
        assertTrue(wanted.reaches(other));
        assertTrue(other.reaches(wanted));

        box.addressesChanged(eni("eni-s1", PODS_1.macAddress(), "vsw-a", "i-1", 1, "10.0.0.10"));
        assertFalse(wanted.reaches(other));
        assertFalse(other.reaches(wanted));
        assertFalse(
                KernelCapture.of(id.vpc()).neighbours().stream()
                        .anyMatch(neighbour -> neighbour.address().equals("10.0.0.77")),
                "the VPC still takes node 1 for the holder of 10.0.0.77");
    }

    @Test
    void anAddressHasOneHolder() {
        var greedy = eni("eni-s2", PODS_2.macAddress(), "vsw-b", "i-2", 1, "10.0.1.10", "10.0.1.1");

        var refused = assertThrows(IllegalStateException.class, () -> box.addressesChanged(greedy));

        assertEquals("10.0.1.1 is asked for by ENI eni-s2 and held by ENI eni-p2", refused.getMessage());
    }

    @Test
    void unpluggingTakesTheNicOutOfTheNodeAndKeepsItsCounts() {
        podOnNode1("10.0.0.66");
        assertFalse(Ping.reaches(box.id().namespace("pod-10-0-0-66"), "10.0.1.1"));

        box.unplugged(PODS_1);

        assertEquals(
                List.of("lo", "eth0", "cali66"),
                KernelCapture.of(box.namespaceOf("i-1")).links().stream()
                        .map(KernelCapture.Link::name)
                        .toList());
        assertTrue(box.sourceChecksInAll().spoofedIp() > 0);
        assertEquals(
                List.of("eni-p1", "eni-p2", "eni-s2"),
                List.copyOf(box.sourceChecks().keySet()));
    }

    @Test
    void anUnpluggedEniCanBePluggedElsewhere() {
        box.unplugged(PODS_1);

        box.plugged(eni("eni-s1", PODS_1.macAddress(), "vsw-a", "i-2", 2, "10.0.0.10", "10.0.0.11"));

        var nic = KernelCapture.of(box.namespaceOf("i-2")).links().getLast();
        assertEquals("eth2", nic.name());
        assertEquals(PODS_1.macAddress(), nic.mac());
        assertFalse(nic.up(), "a hot-plugged NIC is down until somebody configures it");
    }

    @Test
    void aPlugThatFailsLeavesNothing() {
        var before = KernelCapture.of(id.vpc());

        assertThrows(
                Shell.ShellException.class,
                () -> box.plugged(eni("eni-x", "00:16:3e:00:00:99", "vsw-a", "i-gone", 1, "10.0.0.99")));

        assertEquals(before, KernelCapture.of(id.vpc()));
    }

    /// The fastest of fifteen, so that the test says something about the code and nothing about the machine's load.
    @Test
    void pluggingTakesLessThanFiftyMilliseconds() {
        long fastest = Long.MAX_VALUE;
        for (int index = 0; index < 15; index++) {
            var mac = "00:16:3e:00:01:%02x".formatted(index);
            var eni = eni("eni-t" + index, mac, "vsw-a", "i-1", 2 + index, "10.0.0." + (110 + index));
            long start = System.nanoTime();
            box.plugged(eni);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        assertTrue(fastest < 50_000_000, "the fastest of fifteen plugs took " + fastest / 1_000_000 + " ms");
    }

    private HandMadePod podOnNode1(String address) {
        return HandMadePod.on(box, "i-1", "eth1", "10.0.0.10", "10.0.0.253", address);
    }

    private HandMadePod podOnNode2(String address) {
        return HandMadePod.on(box, "i-2", "eth1", "10.0.1.10", "10.0.1.253", address);
    }

    private static NetworkInterfaceView eni(
            String id, String mac, String vSwitch, String instance, int index, String... addresses) {
        return new NetworkInterfaceView(
                id,
                mac,
                vSwitch,
                instance,
                index,
                addresses[0],
                List.of(addresses),
                index == 0 ? "Primary" : "Secondary");
    }
}
