package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.NodeEvent.WithdrawProposed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rules 7, 8 and 23: how an address goes back.
class WithdrawalTest {

    private static Scenario with(int idle) {
        return Scenario.withIdleAndJournal(idle);
    }

    private static Scenario configured(Scenario scenario, int high, int reserve) {
        return scenario.when(
                new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), Scenario.target(0, high, reserve, 1)));
    }

    private static WishId wish(Scenario scenario) {
        var wished = scenario.every(Address.Withdrawing.class).getFirst();
        return ((Address.Withdrawing) scenario.node.addresses().get(wished)).wish();
    }

    private static Scenario confirmed(Scenario scenario) {
        var wished = scenario.every(Address.Withdrawing.class);
        return scenario.alone(new JournalFact.WithdrawalConfirmed(wish(scenario), wished))
                .drained();
    }

    private static List<IpAddress> proposed(Scenario scenario) {
        return scenario.appended.stream()
                .filter(WithdrawProposed.class::isInstance)
                .flatMap(event -> ((WithdrawProposed) event).addresses().stream())
                .toList();
    }

    @Test
    void onlyWhatIsAboveTheHighWatermarkAndTheReserveIsWishedBack() {
        var scenario = with(6);

        configured(scenario, 2, 4);
        assertEquals(List.of(), proposed(scenario));
        configured(scenario, 2, 3);
        assertEquals(1, proposed(scenario).size());
    }

    @Test
    void nothingIsWishedBackWhileAPodWaits() {
        var scenario = configured(with(3), 10, 0);
        var first = scenario.firstIdle().orElseThrow();
        scenario.when(scenario.add(pod("a", "s1"), Optional.of(first)));
        // Its grant is revoked, so it waits although addresses are idle.
        scenario.alone(new JournalFact.Bound(pod("b", "s1"), first)).drained();
        assertEquals(2, scenario.node.idle());
        assertEquals(1, Pool.queued(scenario.node));

        configured(scenario, 0, 0);

        assertEquals(List.of(), proposed(scenario));
    }

    @Test
    void nothingIsWishedBackWhileMoreIsOnItsWay() {
        var scenario = with(3);
        scenario.when(scenario.add(pod("a", "s1")));
        assertTrue(Pool.onTheirWay(scenario.node) > 0);

        configured(scenario, 0, 0);

        assertEquals(List.of(), proposed(scenario));
        scenario.cloudAnswers();
        assertEquals(scenario.node.addresses().size() - 1, proposed(scenario).size());
    }

    @Test
    void thereIsOneWishAtATime() {
        var scenario = with(6);
        configured(scenario, 5, 0);
        assertEquals(1, proposed(scenario).size());

        configured(scenario, 1, 0);
        assertEquals(List.of(), proposed(scenario));
        confirmed(scenario);
        assertEquals(4, proposed(scenario).size());
    }

    @Test
    void nothingIsWishedBackFromANodeThatIsLost() {
        var scenario = with(6).lost();

        configured(scenario, 1, 0);

        assertEquals(List.of(), proposed(scenario));
    }

    @Test
    void aConfirmationOfAnOlderWishIsIgnored() {
        var scenario = with(4);
        configured(scenario, 3, 0);
        var old = wish(scenario);
        var wished = scenario.every(Address.Withdrawing.class);
        // The wish ends because a pod is bound there, and another one is made for the same address.
        scenario.when(scenario.add(pod("a", "s1"), Optional.of(scenario.onItsEni(wished.getFirst()))));
        scenario.when(scenario.delete(pod("a", "s1"))).when(scenario.gone(pod("a", "s1")));
        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        scenario.when(new NodeCommand.EndCooling(scenario.header(), NODE.node(), wished));
        configured(scenario, 0, 0);
        assertTrue(scenario.every(Address.Withdrawing.class).containsAll(wished));

        scenario.alone(new JournalFact.WithdrawalConfirmed(old, wished)).drained();

        assertInstanceOf(Address.Withdrawing.class, scenario.node.addresses().get(wished.getFirst()));
    }

    @Test
    void whatIsWishedForAndNotConfirmedMayBeBound() {
        var scenario = with(4);
        configured(scenario, 3, 0);
        var wished = scenario.every(Address.Withdrawing.class).getFirst();

        scenario.when(scenario.add(pod("a", "s1"), Optional.of(scenario.onItsEni(wished))));

        assertInstanceOf(NodeAnswer.Granted.class, scenario.answer);
        assertEquals("WithdrawalCancelled", scenario.appendedTypes().getFirst());
        assertEquals(wished, scenario.addressOf(pod("a", "s1")));
    }

    @Test
    void whatTheNodeHasConfirmedIsNeverBound() {
        var scenario = with(4);
        configured(scenario, 3, 0);
        var wished = scenario.every(Address.Withdrawing.class).getFirst();
        confirmed(scenario);

        scenario.when(scenario.add(pod("a", "s1"), Optional.of(scenario.onItsEni(wished))));

        assertInstanceOf(NodeAnswer.CandidateRefused.class, scenario.answer);
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void whoNeedsAnAddressWhileAllAreWishedBackEndsTheWish() {
        var scenario = with(2);
        configured(scenario, 0, 0);
        assertEquals(0, scenario.node.idle());

        scenario.when(scenario.add(pod("a", "s1"), Optional.empty()));

        assertInstanceOf(NodeAnswer.CandidateRefused.class, scenario.answer);
        assertEquals(2, scenario.node.idle());
    }

    @Test
    void theCloudIsAskedOnlyForWhatTheNodeHasConfirmed() {
        var scenario = with(4);
        configured(scenario, 2, 0);
        assertTrue(scenario.node.intents().isEmpty());
        var wished = scenario.every(Address.Withdrawing.class);

        scenario.alone(new JournalFact.WithdrawalConfirmed(wish(scenario), wished.subList(0, 1)))
                .drained();

        var unassign = assertInstanceOf(CloudIntent.UnassignAddresses.class, scenario.onlyIntent());
        assertEquals(wished.subList(0, 1), unassign.addresses());
        scenario.when(scenario.outcome(unassign.id(), new CloudOutcome.Unassigned()));
        assertTrue(!scenario.node.addresses().containsKey(wished.getFirst()));
    }

    @Test
    void anEniThatNothingIsLeftOnIsDetachedAndThenDeletedAndNotUnassigned() {
        var scenario = with(4);
        configured(scenario, 0, 0);

        confirmed(scenario);

        var detach = assertInstanceOf(CloudIntent.DetachEni.class, scenario.onlyIntent());
        assertEquals(NODE.instance(), detach.instance());
        scenario.when(scenario.outcome(detach.id(), new CloudOutcome.Detached()));
        var delete = assertInstanceOf(CloudIntent.DeleteEni.class, scenario.onlyIntent());
        scenario.when(scenario.outcome(delete.id(), new CloudOutcome.Deleted()));
        assertTrue(scenario.node.enis().isEmpty());
        assertTrue(scenario.node.addresses().isEmpty());
    }

    @Test
    void noMoreIsUnassignedInOneCallThanEcsTakes() {
        var scenario = new Scenario()
                .registeredWithJournal()
                .configured(24, 10)
                .learnt(1, 30)
                .cloudAnswers();
        configured(scenario, 14, 0);
        confirmed(scenario);
        scenario.when(scenario.outcome(
                scenario.onlyIntent().id(),
                new CloudOutcome.Failed(CloudOutcome.Kind.REFUSED, "Forbidden", "no", Duration.ofSeconds(60))));
        configured(scenario, 2, 0);
        confirmed(scenario);
        assertTrue(scenario.node.count(Address.Withdrawn.class) > PoolTarget.LARGEST_BATCH);
        scenario.now = scenario.now.plusSeconds(61);

        scenario.when(new NodeCommand.ReviewPool(scenario.header(), NODE.node()));

        var unassign = assertInstanceOf(CloudIntent.UnassignAddresses.class, scenario.onlyIntent());
        assertEquals(PoolTarget.LARGEST_BATCH, unassign.addresses().size());
    }

    /// The address has been unassigned, and ECS assigns it to the same ENI again.
    private static Scenario assignedAgain(IpAddress[] which) {
        var scenario = with(4);
        configured(scenario, 3, 0);
        which[0] = scenario.every(Address.Withdrawing.class).getFirst();
        confirmed(scenario).cloudAnswers();
        scenario.when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), Scenario.target(4, 4, 0, 1)));
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), new CloudOutcome.Assigned(List.of(which[0]))));
        return scenario;
    }

    @Test
    void whatALateUnassignCouldStillTakeAwayIsNoPodsBeforeItsDeadlineWhateverTheNodeMakesOfIt() {
        var which = new IpAddress[1];
        var scenario = assignedAgain(which);
        var deadline = scenario.node.guarded().get(which[0]).until();

        scenario.alone(new JournalFact.Cooled(List.of(which[0])))
                .alone(new JournalFact.Bound(pod("a", "s1"), scenario.onItsEni(which[0])))
                .drained();

        assertInstanceOf(Address.Arriving.class, scenario.node.addresses().get(which[0]));
        scenario.now = deadline;
        scenario.when(new NodeCommand.EndCooling(scenario.header(), NODE.node(), List.of(which[0])));
        assertInstanceOf(Address.Idle.class, scenario.node.addresses().get(which[0]));
    }

    @Test
    void aGuardThatIsOverIsRememberedUntilItsAddressHasBeenLookedAtWhateverElseIsGivenBack() {
        var which = new IpAddress[1];
        var scenario = assignedAgain(which);
        scenario.cloudAnswers();
        scenario.now = scenario.node.guarded().get(which[0]).until().plusSeconds(1);
        configured(scenario, 1, 0);
        confirmed(scenario).cloudAnswers();
        assertEquals(2, scenario.node.addresses().size());

        scenario.when(new NodeCommand.EndCooling(scenario.header(), NODE.node(), List.of(which[0])));

        assertEquals(new NodeEvent.AddressesCooled(List.of(which[0])), scenario.appended.getFirst());
    }

    @Test
    void theEndOfAGuardMakesNothingIdleOnAnEniThatIsNotAttached() {
        var which = new IpAddress[1];
        var scenario = assignedAgain(which);
        scenario.lost().when(scenario.register(NodeLifeTest.SECOND, "boot-9", "run-9", Scenario.OTHER_JOURNAL));
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), new CloudOutcome.Detached()));
        scenario.now = scenario.node.guarded().get(which[0]).until();

        scenario.when(new NodeCommand.EndCooling(scenario.header(), NODE.node(), List.of(which[0])));

        assertEquals(List.of(), scenario.appended);
    }
}
