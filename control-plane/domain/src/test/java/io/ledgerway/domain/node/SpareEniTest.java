package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An ENI that a pool could do without goes, however its addresses lie.
class SpareEniTest {

    private static final int MOST_ROUNDS = 60;

    /// The cloud answers and the node confirms until there is nothing left to do.
    private static void settle(Scenario scenario) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            scenario.cloudAnswers();
            var wishes = new LinkedHashMap<WishId, List<IpAddress>>();
            scenario.node.addresses().forEach((ip, address) -> {
                if (address instanceof Address.Withdrawing wished) {
                    wishes.computeIfAbsent(wished.wish(), wish -> new ArrayList<>())
                            .add(ip);
                }
            });
            if (wishes.isEmpty() && scenario.node.intents().isEmpty()) {
                return;
            }
            wishes.forEach((wish, ips) -> scenario.alone(new JournalFact.WithdrawalConfirmed(wish, ips)));
            scenario.drained();
            scenario.cloudAnswers();
        }
        throw new AssertionError("the pool does not come to rest: " + scenario.node);
    }

    private static void configure(Scenario scenario, int low, int high) {
        scenario.when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), Scenario.target(low, high, 0, 1)));
    }

    private static Scenario pool(int low, int high, int enis, int perEni) {
        var scenario = new Scenario().registeredWithJournal();
        configure(scenario, low, high);
        scenario.learnt(enis, perEni);
        settle(scenario);
        return scenario;
    }

    private static boolean isUnused(Node node, Eni eni) {
        return node.addresses().values().stream()
                .filter(address -> address.eni().equals(eni.id()))
                .allMatch(Address.Idle.class::isInstance);
    }

    @Test
    void theOthersTakeOverFirstWhatOneThatIsToGoHoldsOfTheLeast() {
        // Six on each of two ENIs, and eight are to stay: neither holds them alone, and either could.
        var scenario = pool(12, 12, 2, 6);
        assertEquals(2, scenario.node.enis().size());
        scenario.learnt(2, 8);

        configure(scenario, 8, 8);
        settle(scenario);

        assertEquals(1, scenario.node.enis().size());
        assertEquals(8, scenario.node.idle());
    }

    @Test
    void atNoTimeArefewerIdleThanThePoolWants() {
        var scenario = pool(12, 12, 2, 6);
        scenario.learnt(2, 8);
        int before = scenario.history.size();

        configure(scenario, 8, 8);
        settle(scenario);

        var node = Node.EMPTY;
        for (int event = 0; event < scenario.history.size(); event++) {
            node = node.evolve(scenario.history.get(event));
            int idle = node.idle();
            assertTrue(event < before || idle >= 8, () -> idle + " are idle");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatThePoolCouldDoWithoutDoesNotStay(int start) {
        for (int seed = start * 100; seed < start * 100 + 100; seed++) {
            var random = new Random(seed);
            int perEni = 3 + random.nextInt(8);
            var scenario = pool(random.nextInt(12), 12 + random.nextInt(6), 2 + random.nextInt(3), perEni);
            var pods = new ArrayList<PodRequest>();
            for (int step = 0; step < 40; step++) {
                if (pods.isEmpty() || random.nextInt(3) > 0) {
                    var pod = pod("p-" + step, "s");
                    scenario.when(scenario.add(pod));
                    pods.add(pod);
                } else {
                    var pod = pods.remove(random.nextInt(pods.size()));
                    scenario.when(scenario.delete(pod)).when(scenario.gone(pod));
                }
                if (random.nextInt(4) == 0) {
                    settle(scenario);
                }
            }
            while (pods.size() > random.nextInt(6)) {
                var pod = pods.remove(random.nextInt(pods.size()));
                scenario.when(scenario.delete(pod)).when(scenario.gone(pod));
            }
            int low = random.nextInt(8);
            configure(scenario, low, low + random.nextInt(8));
            settle(scenario);
            scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
            scenario.when(
                    new NodeCommand.EndCooling(scenario.header(), NODE.node(), scenario.every(Address.Cooling.class)));
            settle(scenario);
            assertNothingIsSpare(scenario, "seed " + seed);
        }
    }

    private static void assertNothingIsSpare(Scenario scenario, String seed) {
        var node = scenario.node;
        var target = node.target().orElseThrow();
        assertTrue(node.idle() <= target.most(), () -> seed + ": " + node.idle() + " are idle of " + target.most());
        for (var eni : node.enis().values()) {
            if (!eni.isAttached() || node.addressesOn(eni.id()) == 0 || !isUnused(node, eni)) {
                continue;
            }
            int left = node.idle() - node.addressesOn(eni.id());
            int reach = left + Pool.roomBeside(node, eni.id(), scenario.now);
            assertTrue(
                    reach < target.most(),
                    () -> seed + ": " + eni.id() + " is unused, and the others could have " + reach + " idle of "
                            + target.most());
        }
    }
}
