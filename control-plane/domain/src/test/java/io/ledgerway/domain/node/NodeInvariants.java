package io.ledgerway.domain.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// What holds of a node at any time, and from each state to the next.
final class NodeInvariants {

    private NodeInvariants() {}

    static void assertStep(Node before, Scenario scenario, String when) {
        var after = scenario.node;
        var assigned = new HashSet<IpAddress>();
        for (var event : scenario.appended) {
            if (event instanceof NodeEvent.AddressesAssigned e) {
                assigned.addAll(e.addresses());
            }
            if (event instanceof NodeEvent.StrayAddressesFound e) {
                e.addresses()
                        .forEach(ip -> assertTrue(
                                after.addresses().get(ip) instanceof Address.Withdrawn,
                                () -> ip + " was nobody's and is "
                                        + after.addresses().get(ip) + ": " + when));
            }
        }
        before.addresses().forEach((ip, address) -> {
            var now = after.addresses().get(ip);
            if (address instanceof Address.Withdrawn && now != null && !assigned.contains(ip)) {
                assertTrue(
                        now instanceof Address.Withdrawn
                                || now instanceof Address.Arriving
                                || now instanceof Address.Stranded,
                        () -> ip + " was given back and is " + now + ": " + when);
            }
        });
        before.journal()
                .ifPresent(mark -> after.journal()
                        .filter(now -> now.journal().equals(mark.journal()))
                        .ifPresent(now -> assertTrue(
                                now.sequence() >= mark.sequence(),
                                () -> "the mark went back to " + now + ": " + when)));
    }

    static void assertHeld(RandomWorld world, String when) {
        var scenario = world.scenario;
        var node = scenario.node;
        Set<IpAddress> held = new HashSet<>();
        for (var endpoint : node.endpoints().values()) {
            var allocation = switch (endpoint) {
                case Endpoint.Queued q -> Optional.<Allocation>empty();
                case Endpoint.Allocated a -> Optional.of(a.allocation());
                case Endpoint.Ready r -> Optional.of(r.allocation());
                case Endpoint.Releasing r -> Optional.of(r.allocation());
            };
            allocation.ifPresent(given -> given.addresses().forEach(ip -> {
                assertTrue(held.add(ip), () -> ip + " has two holders: " + when);
                assertEquals(node.isWhole(given.eni()), given instanceof Allocation.WholeEni, when);
                assertEquals(
                        new Address.Bound(given.eni(), endpoint.request().attachment()),
                        node.addresses().get(ip),
                        when);
            }));
        }
        node.addresses().forEach((ip, address) -> {
            boolean mayBeUsed = address instanceof Address.Idle
                    || address instanceof Address.Bound
                    || address instanceof Address.Withdrawing;
            assertTrue(
                    !(address instanceof Address.Stranded) || world.ofFormer.contains(address.eni()),
                    () -> ip + " is stranded on an ENI of this instance: " + when);
            assertTrue(
                    !mayBeUsed || !world.ofFormer.contains(address.eni()),
                    () -> ip + " is on an ENI of an instance before: " + when);
            assertTrue(node.enis().containsKey(address.eni()), () -> ip + " is on no ENI: " + when);
            assertTrue(
                    !(address instanceof Address.Bound) || held.contains(ip), () -> ip + " is held by nobody: " + when);
        });
        node.intents().values().forEach(pending -> {
            if (pending.intent() instanceof CloudIntent.UnassignAddresses intent) {
                var primary = node.enis().get(intent.eni()).primary();
                assertFalse(intent.addresses().contains(primary), () -> "a primary address is unassigned: " + when);
            }
            if (pending.intent() instanceof CloudIntent.AssignAddresses intent) {
                assertFalse(node.isWhole(intent.eni()), () -> "a pod's own ENI is to have more addresses: " + when);
            }
        });
        node.capacity().ifPresent(capacity -> {
            long onInstance = node.enis().values().stream()
                    .filter(eni -> !(eni.state() instanceof Eni.Deleting) && !world.ofFormer.contains(eni.id()))
                    .count();
            assertTrue(onInstance <= capacity.ourEnis(), () -> "too many ENIs: " + when);
            node.enis()
                    .keySet()
                    .forEach(eni -> assertTrue(
                            node.addressesOn(eni) <= capacity.ipv4PerEni(),
                            () -> "too many addresses on " + eni + ": " + when));
        });
    }
}
