package io.ledgerway.domain.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random commands, among them late, repeated and contradicting ones; the invariants hold after each of them.
class RandomHistoryTest {

    private static final int STEPS = 1_500;
    private static final int PODS = 14;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void invariantsHoldAfterEveryStepAndReplayGivesTheSameState(long seed) {
        var random = new Random(seed);
        var scenario = new Scenario().registered().configured(2, 2).learnt(2, 5);

        for (int step = 0; step < STEPS; step++) {
            scenario.now = scenario.now.plusSeconds(random.nextInt(5));
            scenario.when(anyCommand(scenario, random));
            assertInvariants(scenario, "seed " + seed + ", step " + step + ", after " + scenario.appended);
        }

        var replayed = Node.EMPTY;
        for (var event : scenario.history) {
            replayed = replayed.evolve(event);
        }
        assertEquals(scenario.node, replayed);
        assertEquals(
                List.copyOf(scenario.node.addresses().keySet()),
                List.copyOf(replayed.addresses().keySet()));
    }

    private static NodeCommand anyCommand(Scenario scenario, Random random) {
        var pod = Scenario.pod("p" + random.nextInt(PODS), "s" + random.nextInt(3));
        var node = Scenario.NODE.node();
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> scenario.add(pod);
            case 3 -> scenario.add(pod, anyCandidate(scenario, random));
            case 4, 5 -> scenario.delete(pod);
            case 6, 7 -> scenario.gone(pod);
            case 8 ->
                new NodeCommand.ReportEndpointReady(
                        scenario.header(), Scenario.NODE, pod.attachment(), pod.sandbox(), "lw1");
            case 9 ->
                new NodeCommand.EndCooling(
                        scenario.header(),
                        node,
                        List.copyOf(scenario.node.addresses().keySet()));
            case 10 ->
                random.nextInt(40) == 0
                        ? new NodeCommand.RegisterNode(
                                scenario.header(), Scenario.NODE, new BootId("b" + random.nextInt()), "run", "0.1")
                        : new NodeCommand.ReviewPool(scenario.header(), node);
            default -> anyOutcome(scenario, random);
        };
    }

    private static Optional<Allocation> anyCandidate(Scenario scenario, Random random) {
        var all = new ArrayList<>(scenario.node.addresses().entrySet());
        if (all.isEmpty() || random.nextInt(4) == 0) {
            return Optional.empty();
        }
        var chosen = all.get(random.nextInt(all.size()));
        return Optional.of(new Allocation.SharedEni(chosen.getValue().eni(), List.of(chosen.getKey())));
    }

    private static NodeCommand anyOutcome(Scenario scenario, Random random) {
        if (scenario.node.intents().isEmpty()) {
            return new NodeCommand.ReviewPool(scenario.header(), Scenario.NODE.node());
        }
        var intents = List.copyOf(scenario.node.intents().values());
        var intent = intents.get(random.nextInt(intents.size())).intent();
        var kinds = CloudOutcome.Kind.values();
        var outcome = random.nextInt(3) == 0
                ? new CloudOutcome.Failed(
                        kinds[random.nextInt(kinds.length)], "Code", "no", Duration.ofSeconds(random.nextInt(30)))
                : scenario.success(intent);
        return scenario.outcome(intent.id(), outcome);
    }

    private static void assertInvariants(Scenario scenario, String when) {
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
                assertEquals(
                        new Address.Bound(given.eni(), endpoint.request().attachment()),
                        node.addresses().get(ip),
                        when);
            }));
        }
        node.addresses().forEach((ip, address) -> {
            assertTrue(node.enis().containsKey(address.eni()), () -> ip + " is on no ENI: " + when);
            assertTrue(
                    !(address instanceof Address.Bound) || held.contains(ip), () -> ip + " is held by nobody: " + when);
        });
        node.capacity().ifPresent(capacity -> {
            long onInstance = node.enis().values().stream()
                    .filter(eni -> !(eni.state() instanceof Eni.Deleting))
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
