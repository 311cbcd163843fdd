package io.ledgerway.domain.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.audit.Holding;
import io.ledgerway.domain.audit.Holdings;
import io.ledgerway.domain.audit.LogJournal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random commands, among them late, repeated and contradicting ones, journals that overlap, have holes and get
/// lost, and one instance after the other; the invariants hold after each of them.
class RandomHistoryTest {

    private static final int STEPS = 1_500;
    private static final Set<String> SEEN = new TreeSet<>();
    private static final Set<Class<?>> DRAWN = new HashSet<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void invariantsHoldAfterEveryStepAndReplayGivesTheSameState(long seed) {
        var world = new RandomWorld(seed);

        for (int step = 0; step < STEPS; step++) {
            var before = world.scenario.node;
            world.step();
            var when = "seed " + seed + ", step " + step + ", after " + world.scenario.appended;
            NodeInvariants.assertHeld(world, when);
            NodeInvariants.assertStep(before, world.scenario, when);
            SEEN.addAll(world.scenario.appendedTypes());
        }
        DRAWN.addAll(world.drawn);

        var replayed = Node.EMPTY;
        int folded = 0;
        for (int step = 0; step < STEPS; step++) {
            while (folded < world.lengths.get(step)) {
                replayed = replayed.evolve(world.scenario.history.get(folded++));
            }
            assertEquals(world.states.get(step), replayed);
            assertEquals(
                    List.copyOf(world.states.get(step).addresses().keySet()),
                    List.copyOf(replayed.addresses().keySet()));
        }
    }

    /// What auditors find in the same history: whoever holds an address now, and nobody at the same time as another.
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void auditorsFindTheHoldersOfEveryMomentWhereverTheyStopAndGoOn(long seed) {
        var world = new RandomWorld(seed);
        var journal = new LogJournal();
        var folded = new Holdings();
        int read = 0;
        for (int step = 0; step < STEPS; step++) {
            world.step();
            if (world.random.nextInt(50) == 0) {
                folded = new Holdings(folded.unfinished());
            }
            for (; read < world.log.size(); read++) {
                journal.add(world.log.get(read));
                var conflicts = folded.apply(world.log.get(read)).stream()
                        .filter(Holdings.Change.InConflict.class::isInstance)
                        .toList();
                assertEquals(List.of(), conflicts, "seed " + seed + ", step " + step);
            }
            var when = "seed " + seed + ", step " + step + ", after " + world.scenario.appended;
            assertEquals(holders(world.scenario.node), held(journal.openHoldings()), when);
            assertEquals(held(journal.openHoldings()), held(folded.open()), when);
        }
        assertEquals(List.of(), journal.conflicts());
        assertEquals(
                journal.contactOf(Scenario.NODE.node()).stream().toList(),
                folded.unfinished().contacts());
    }

    private static Set<String> holders(Node node) {
        var holders = new TreeSet<String>();
        node.addresses().forEach((ip, address) -> {
            if (address instanceof Address.Bound bound) {
                holders.add(ip + " " + bound.attachment());
            } else if (address instanceof Address.Stranded stranded) {
                stranded.attachment().ifPresent(attachment -> holders.add(ip + " " + attachment));
            }
        });
        return holders;
    }

    private static Set<String> held(List<Holding> holdings) {
        return holdings.stream()
                .map(holding -> holding.address() + " " + holding.attachment())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @AfterAll
    static void historiesAreNotTame() {
        assertTrue(
                SEEN.containsAll(List.of(
                        "AllocationReplaced",
                        "AllocationRevoked",
                        "JournalEntryKept",
                        "JournalLost",
                        "AddressesHeldBack",
                        "NodeReplaced",
                        "NodeRetired",
                        "EndpointAdopted",
                        "AddressesUnassigned",
                        "EniDetached",
                        "WithdrawalCancelled",
                        "StrayEniFound",
                        "StrayAddressesFound")),
                () -> "none of the histories has more than " + SEEN);
    }

    @AfterAll
    static void everyCommandThatThereIsIsDrawn() {
        var never = commands(NodeCommand.class)
                .filter(command -> !DRAWN.contains(command))
                .map(Class::getSimpleName)
                .toList();
        assertEquals(List.of(), never);
    }

    private static Stream<Class<?>> commands(Class<?> of) {
        return of.isSealed()
                ? Stream.of(of.getPermittedSubclasses()).flatMap(RandomHistoryTest::commands)
                : Stream.of(of);
    }
}
