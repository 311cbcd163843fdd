package io.ledgerway.simulation.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.simulation.vpc.KernelCapture;
import io.ledgerway.simulation.vpc.KernelCapture.InterfaceAddress;
import io.ledgerway.simulation.vpc.KernelCapture.Link;
import io.ledgerway.simulation.vpc.KernelCapture.Route;
import io.ledgerway.simulation.vpc.KernelCapture.Rule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WitnessTest {

    private static final String ENI_MAC = "00:16:3e:00:00:11";
    private static final CloudInventory CLOUD = new CloudInventory(List.of(
            new CloudInventory.Eni("eni-1", ENI_MAC, "InUse", "i-node-1", false, List.of("10.0.0.1", "10.0.0.2"))));

    @Test
    void aPodWhoseAddressFitsEverywhereIsAFact() {
        var witness = Witness.of(List.of(seen(node("10.0.0.2", "10.0.0.2"))), Map.of("uid-1", pod("10.0.0.2")), CLOUD);

        assertEquals(List.of(new Witness.Fact("10.0.0.2", "uid-1", "node-1", "eni-1")), witness.facts());
        assertEquals(List.of(), witness.loose());
    }

    @Test
    void anAddressThatTheCloudHasNotAssignedIsNoFact() {
        isLoose("10.0.0.3", node("10.0.0.3", "10.0.0.3"), "by no ENI");
    }

    @Test
    void theEnisOwnAddressIsNoPodAddress() {
        isLoose("10.0.0.1", node("10.0.0.1", "10.0.0.1"), "by no ENI");
    }

    @Test
    void aPodWithAnotherAddressThanItsNodeRoutesIsNoFact() {
        isLoose("10.0.0.2", node("10.0.0.9", "10.0.0.9"), "routes [10.0.0.9] to it");
    }

    @Test
    void aPodWithoutARuleOutIsNoFact() {
        isLoose("10.0.0.2", node("10.0.0.2", "10.0.0.9"), "by no ENI");
    }

    @Test
    void aWireToNobodyIsTold() {
        var witness = Witness.of(List.of(seen(node("10.0.0.2", "10.0.0.2"))), Map.of(), CLOUD);

        assertTrue(witness.loose().getFirst().contains("does not run"), witness.toString());
    }

    @Test
    void aPodWithoutAWireIsTold() {
        var witness = Witness.of(List.of(), Map.of("uid-1", pod("10.0.0.2")), CLOUD);

        assertEquals(List.of("pod uid-1 has no wire to its node"), witness.loose());
    }

    private static void isLoose(String address, KernelCapture node, String words) {
        var witness = Witness.of(List.of(seen(node)), Map.of("uid-1", pod(address)), CLOUD);

        assertEquals(List.of(), witness.facts());
        assertTrue(witness.loose().getFirst().contains(words), witness.loose().toString());
    }

    private static Witness.SeenNode seen(KernelCapture node) {
        return new Witness.SeenNode("node-1", "i-node-1", node);
    }

    private static KernelCapture node(String routed, String sender) {
        return new KernelCapture(
                "node",
                List.of(
                        new Link(2, "eth1", ENI_MAC, true, 1500, "veth", "", 5),
                        new Link(3, "lwpod", "ee:00:00:00:00:01", true, 1500, "veth", "ledgerway:uid-1/eth0/box", 2)),
                List.of(),
                List.of(
                        new Route("main", "unicast", routed, "", "lwpod"),
                        new Route("1001", "unicast", "default", "10.0.0.253", "eth1")),
                List.of(new Rule(2048, sender, "all", "", "1001")),
                List.of());
    }

    private static KernelCapture pod(String address) {
        return new KernelCapture(
                "pod", List.of(), List.of(new InterfaceAddress("eth0", address, 32)), List.of(), List.of(), List.of());
    }
}
