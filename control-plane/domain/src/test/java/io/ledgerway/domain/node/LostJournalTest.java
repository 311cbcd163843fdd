package io.ledgerway.domain.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.domain.node.NodeEvent.AddressesHeldBack;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rules 9 and 25: a pod that only a lost journal knew may have had any address that the node was free to bind.
class LostJournalTest {

    private static final PodRequest POD = Scenario.pod("a", "s1");

    private static Scenario diskLost(Scenario scenario) {
        return scenario.when(scenario.register(Scenario.NODE, "boot-1", "run-2", Scenario.OTHER_JOURNAL));
    }

    private static AddressesHeldBack heldBack(Scenario scenario) {
        return scenario.appended.stream()
                .filter(AddressesHeldBack.class::isInstance)
                .map(AddressesHeldBack.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is held back: " + scenario.appendedTypes()));
    }

    private static void endCooling(Scenario scenario) {
        scenario.when(new NodeCommand.EndCooling(
                scenario.header(),
                Scenario.NODE.node(),
                List.copyOf(scenario.node.addresses().keySet())));
    }

    @Test
    void whatIsIdleRestsWhenTheJournalIsLost() {
        var scenario = Scenario.withIdleAndJournal(3);
        var idle = scenario.every(Address.Idle.class);
        assertFalse(idle.isEmpty());

        diskLost(scenario);

        assertEquals(new AddressesHeldBack(idle, scenario.now.plus(Scenario.COOL_DOWN)), heldBack(scenario));
        assertEquals(idle, scenario.every(Address.Cooling.class));
        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        endCooling(scenario);
        assertEquals(idle, scenario.every(Address.Idle.class));
    }

    @Test
    void aNextPodWaitsForTheRestAndIsServedByItsEnd() {
        var scenario = Scenario.withIdleAndJournal(3);
        var proposed = scenario.firstIdle();
        diskLost(scenario);

        scenario.when(scenario.add(POD, proposed));
        assertInstanceOf(NodeAnswer.CandidateRefused.class, scenario.answer);
        scenario.when(scenario.add(POD, Optional.empty()));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        endCooling(scenario);

        assertInstanceOf(
                Endpoint.Allocated.class,
                scenario.node.endpoint(POD.attachment()).orElseThrow());
    }

    /// Alone, the node may have ended the rest, bound the address and ended that as well.
    @Test
    void whatRestsAlreadyRestsAnew() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.when(scenario.add(POD));
        var address = scenario.addressOf(POD);
        scenario.when(scenario.delete(POD)).when(scenario.gone(POD));
        var first = ((Address.Cooling) scenario.node.addresses().get(address)).until();
        scenario.now = scenario.now.plus(Duration.ofSeconds(10));

        diskLost(scenario);

        var rest = assertInstanceOf(
                Address.Cooling.class, scenario.node.addresses().get(address));
        assertEquals(first.plus(Duration.ofSeconds(10)), rest.until());
    }

    @Test
    void aRestThatEndsLaterStays() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.when(scenario.add(POD));
        var address = scenario.addressOf(POD);
        scenario.when(scenario.delete(POD)).when(scenario.gone(POD));
        var before = scenario.node.addresses().get(address);

        // The clock of the owner that decides this is behind.
        scenario.now = scenario.now.minus(Duration.ofSeconds(10));
        diskLost(scenario);

        assertEquals(before, scenario.node.addresses().get(address));
        assertFalse(heldBack(scenario).addresses().contains(address));
    }

    @Test
    void whatIsWishedBackMayHaveBeenBoundAndRestsToo() {
        var scenario = Scenario.withIdleAndJournal(6);
        scenario.when(configure(scenario));
        List<IpAddress> wished = scenario.every(Address.Withdrawing.class);
        assertFalse(wished.isEmpty());

        diskLost(scenario);

        assertEquals(
                wished,
                scenario.every(Address.Cooling.class).stream()
                        .filter(wished::contains)
                        .toList());
    }

    private static NodeCommand configure(Scenario scenario) {
        return new NodeCommand.ConfigurePool(scenario.header(), Scenario.NODE.node(), Scenario.target(1, 2, 0, 1));
    }

    /// What the kernel still has is the pod's, though it rests in the log; what is bound there is not idle.
    @Test
    void whatTheKernelHasIsAdoptedFromItsRest() {
        var scenario = Scenario.withIdleAndJournal(3);
        var gone = Scenario.pod("gone", "s-gone");
        scenario.when(scenario.add(gone));
        var ofGone = scenario.addressOf(gone);
        var found = scenario.firstIdle().orElseThrow();
        diskLost(scenario);
        assertInstanceOf(Address.Bound.class, scenario.node.addresses().get(ofGone));

        scenario.when(new NodeCommand.ReconcileKernel(
                scenario.header(),
                Scenario.NODE,
                Optional.of(new JournalMark(Scenario.OTHER_JOURNAL, 0)),
                List.of(new Present(POD, found, "lw01")),
                List.of(new Missing(gone.attachment(), gone.sandbox()))));

        assertEquals(found.addresses().getFirst(), scenario.addressOf(POD));
        assertInstanceOf(Address.Cooling.class, scenario.node.addresses().get(ofGone));
    }

    @Test
    void aHoleInTheJournalLetsWhatIsIdleRestFromTheEntryBehindIt() {
        var scenario = Scenario.withIdleAndJournal(3);
        var idle = scenario.every(Address.Idle.class);
        scenario.entries += 2;
        var behind = scenario.now;
        scenario.alone(new JournalFact.Abandoned(POD, "the deadline passed"));
        scenario.now = scenario.now.plus(Duration.ofSeconds(5));

        scenario.drained();

        assertEquals(new AddressesHeldBack(idle, behind.plus(Scenario.COOL_DOWN)), heldBack(scenario));
    }

    @Test
    void withoutACoolDownNothingIsHeldBack() {
        var scenario = Scenario.withIdleAndJournal(3);
        var target = scenario.node.target().orElseThrow();
        scenario.when(new NodeCommand.ConfigurePool(
                scenario.header(),
                Scenario.NODE.node(),
                new PoolTarget(
                        target.lowWatermark(),
                        target.highWatermark(),
                        target.offlineReserve(),
                        target.batch(),
                        Duration.ZERO,
                        target.vSwitches(),
                        target.selection(),
                        target.securityGroups())));
        var idle = scenario.every(Address.Idle.class);

        diskLost(scenario);

        assertEquals(idle, scenario.every(Address.Idle.class));
    }

    /// A DEL may have ended an endpoint that nobody but the lost journal knew, after the loss was told.
    @Test
    void whatRestsRestsFromTheComparisonWithTheKernelOn() {
        var scenario = Scenario.withIdleAndJournal(3);
        diskLost(scenario);
        var resting = scenario.every(Address.Cooling.class);
        scenario.now = scenario.now.plus(Scenario.COOL_DOWN.dividedBy(2));

        compare(scenario, Scenario.OTHER_JOURNAL);

        assertEquals(new AddressesHeldBack(resting, scenario.now.plus(Scenario.COOL_DOWN)), heldBack(scenario));
        scenario.now = scenario.now.plus(Scenario.COOL_DOWN.dividedBy(2));
        endCooling(scenario);
        assertEquals(resting, scenario.every(Address.Cooling.class));
    }

    /// Of the boot before the kernel shows nothing any more, and that it ended is known only now.
    @Test
    void whatIsIdleAgainWhenTheKernelIsComparedRestsFromThereOn() {
        var scenario = Scenario.withIdleAndJournal(3);
        diskLost(scenario);
        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        endCooling(scenario);
        var idle = scenario.every(Address.Idle.class);
        assertFalse(idle.isEmpty());
        scenario.when(scenario.register(Scenario.NODE, "boot-2", "run-3", Scenario.OTHER_JOURNAL));

        compare(scenario, Scenario.OTHER_JOURNAL);

        assertEquals(new AddressesHeldBack(idle, scenario.now.plus(Scenario.COOL_DOWN)), heldBack(scenario));
        assertEquals(idle, scenario.every(Address.Cooling.class));
    }

    @Test
    void whatIsIdleWhenTheFirstJournalOfAnInstanceIsComparedDoesNotRest() {
        var scenario = Scenario.withIdleAndJournal(3);
        var idle = scenario.every(Address.Idle.class);

        compare(scenario, Scenario.JOURNAL);

        assertEquals(List.of(), scenario.appendedTypes());
        assertEquals(idle, scenario.every(Address.Idle.class));
    }

    private static void compare(Scenario scenario, JournalId journal) {
        scenario.when(new NodeCommand.ReconcileKernel(
                scenario.header(), Scenario.NODE, Optional.of(new JournalMark(journal, 0)), List.of(), List.of()));
    }
}
