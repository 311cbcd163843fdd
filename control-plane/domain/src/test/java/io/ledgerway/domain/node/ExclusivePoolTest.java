package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.exclusive;
import static io.ledgerway.domain.node.Scenario.pod;
import static io.ledgerway.domain.node.Scenario.released;
import static io.ledgerway.domain.node.Scenario.removed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A pool of whole ENIs: each pod has one of its own, with its primary address, under the same rules as an address.
class ExclusivePoolTest {

    private final Scenario scenario = new Scenario();

    /// A node that may have that many ENIs and keeps `low` idle ones, with nothing outstanding.
    private void ready(int low, int high, int enisAllowed) {
        scenario.registeredWithJournal()
                .configured(exclusive(low, high))
                .learnt(enisAllowed, 5)
                .cloudAnswers();
    }

    private List<CloudIntent> intents() {
        return scenario.node.intents().values().stream()
                .map(PendingIntent::intent)
                .toList();
    }

    private Allocation given(PodRequest pod) {
        return scenario.node
                .endpoint(pod.attachment())
                .flatMap(Endpoint::allocation)
                .orElseThrow();
    }

    private void confirmWishes() {
        var wished = scenario.every(Address.Withdrawing.class);
        var wish = (Address.Withdrawing) scenario.node.addresses().get(wished.getFirst());
        scenario.alone(new JournalFact.WithdrawalConfirmed(wish.wish(), wished)).drained();
    }

    private void givesBackAllThatIsWished() {
        while (scenario.node.count(Address.Withdrawing.class) > 0) {
            confirmWishes();
            scenario.cloudAnswers();
        }
    }

    private NodeCommand.EndCooling endCooling() {
        return new NodeCommand.EndCooling(
                scenario.header(),
                NODE.node(),
                List.copyOf(scenario.node.addresses().keySet()));
    }

    @Test
    void forEachPodThatThePoolLacksAnEniIsAskedForThatHasOneAddress() {
        scenario.registered().configured(exclusive(2, 3)).learnt(4, 5);

        assertEquals(2, intents().size());
        for (var intent : intents()) {
            var create = assertInstanceOf(CloudIntent.CreateEni.class, intent);
            assertTrue(create.whole());
            assertEquals(1, create.addresses());
        }
    }

    @Test
    void aPodGetsAWholeEniWithItsPrimaryAddress() {
        ready(2, 3, 4);
        var candidate = scenario.firstIdle().orElseThrow();

        scenario.when(scenario.add(pod("a", "s1"), Optional.of(candidate)));

        var granted = assertInstanceOf(NodeAnswer.Granted.class, scenario.answer);
        assertInstanceOf(Allocation.WholeEni.class, granted.allocation());
        assertEquals(List.of(granted.eni().primary()), granted.allocation().addresses());
        assertTrue(intents().getFirst() instanceof CloudIntent.CreateEni create && create.whole());
    }

    @Test
    void aShareOfAPodsOwnEniIsNotGivenAndNeitherIsASharedOneAsAWhole() {
        ready(1, 2, 3);
        var ip = scenario.every(Address.Idle.class).getFirst();
        var eni = scenario.node.addresses().get(ip).eni();

        scenario.when(scenario.add(pod("a", "s1"), Optional.of(new Allocation.SharedEni(eni, List.of(ip)))));
        assertInstanceOf(NodeAnswer.CandidateRefused.class, scenario.answer);
        assertEquals(List.of(), scenario.appended);

        var shared = Scenario.withIdle(2);
        var other = shared.every(Address.Idle.class).getFirst();
        var sharedEni = shared.node.addresses().get(other).eni();
        shared.when(shared.add(pod("a", "s1"), Optional.of(new Allocation.WholeEni(sharedEni, List.of(other)))));
        assertInstanceOf(NodeAnswer.CandidateRefused.class, shared.answer);
        assertEquals(List.of(), shared.appended);
    }

    @Test
    void aPodThatWaitsIsServedWithTheEniThatComes() {
        ready(0, 1, 2);
        var waits = pod("waits", "s1");

        scenario.when(scenario.add(waits));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
        scenario.cloudAnswers();

        assertInstanceOf(Allocation.WholeEni.class, given(waits));
        assertEquals(1, scenario.node.enis().size());
    }

    @Test
    void anInstanceWithoutRoomForAnotherEniRefuses() {
        ready(0, 1, 1);
        scenario.when(scenario.add(pod("a", "s1"))).cloudAnswers();

        scenario.when(scenario.add(pod("b", "s2")));

        assertEquals(
                Reason.NODE_FULL,
                assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer)
                        .rejection()
                        .reason());
    }

    @Test
    void anEniRestsBetweenTwoPodsAndServesTheOneThatWaits() {
        ready(0, 1, 1);
        var first = pod("a", "s1");
        scenario.when(scenario.add(first)).cloudAnswers();
        var eni = given(first).eni();
        scenario.when(scenario.delete(first)).when(scenario.gone(first));
        assertEquals(1, scenario.node.count(Address.Cooling.class));
        var next = pod("b", "s2");
        scenario.when(scenario.add(next));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);

        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        scenario.when(endCooling());

        assertEquals(
                new Allocation.WholeEni(
                        eni, List.of(scenario.node.enis().get(eni).primary())),
                given(next));
    }

    @Test
    void anEniTooManyIsWishedBackThenDetachedThenDeletedAndNeverEmptied() {
        ready(2, 2, 4);
        scenario.configured(exclusive(1, 1));
        assertEquals(1, scenario.every(Address.Withdrawing.class).size());
        var leaving = scenario.node
                .addresses()
                .get(scenario.every(Address.Withdrawing.class).getFirst())
                .eni();

        confirmWishes();

        assertEquals(
                leaving,
                assertInstanceOf(CloudIntent.DetachEni.class, scenario.onlyIntent())
                        .eni());
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), scenario.success(scenario.onlyIntent())));
        assertEquals(
                leaving,
                assertInstanceOf(CloudIntent.DeleteEni.class, scenario.onlyIntent())
                        .eni());
        scenario.cloudAnswers();
        assertEquals(1, scenario.node.enis().size());
        assertEquals(1, scenario.node.addresses().size());
    }

    @Test
    void whatIsOfTheOtherKindGoesBackAndIsNoPodsAnyMore() {
        scenario.registeredWithJournal().configured(2, 1).learnt(1, 5).cloudAnswers();
        var shared = scenario.firstIdle().orElseThrow();

        scenario.configured(exclusive(1, 1));

        assertEquals(0, scenario.node.idle());
        scenario.when(scenario.add(pod("a", "s1"), Optional.of(shared)));
        assertInstanceOf(NodeAnswer.CandidateRefused.class, scenario.answer);
        // There is no room for another ENI yet; there will be.
        scenario.when(scenario.add(pod("a", "s1"), Optional.empty()));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
        assertEquals(2, scenario.every(Address.Withdrawing.class).size());
        confirmWishes();
        scenario.cloudAnswers();
        assertInstanceOf(Allocation.WholeEni.class, given(pod("a", "s1")));
        assertFalse(scenario.node.enis().containsKey(shared.eni()));
    }

    @Test
    void whatIsOfTheOtherKindAndNotWishedBackYetCountsAsNothing() {
        scenario.registeredWithJournal().configured(12, 10).learnt(1, 15).cloudAnswers();

        scenario.configured(exclusive(1, 1));

        assertEquals(5, scenario.every(Address.Idle.class).size());
        assertEquals(0, scenario.node.idle());
        scenario.when(scenario.add(pod("a", "s1"), Optional.empty()));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
    }

    @Test
    void aPodThatWaitsIsNotServedWithWhatIsOfTheOtherKind() {
        scenario.registeredWithJournal().configured(1, 1).learnt(1, 5).cloudAnswers();
        var before = pod("before", "s1");
        scenario.when(scenario.add(before)).cloudAnswers();
        scenario.configured(exclusive(0, 1));
        scenario.when(scenario.delete(before)).when(scenario.gone(before));
        scenario.when(scenario.add(pod("waits", "s2"), Optional.empty()));

        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        scenario.when(endCooling());

        assertInstanceOf(
                Endpoint.Queued.class,
                scenario.node.endpoint(pod("waits", "s2").attachment()).orElseThrow());
    }

    @Test
    void aPodKeepsWhatItHasWhenThePoolChangesItsKind() {
        scenario.registeredWithJournal().configured(2, 1).learnt(2, 5).cloudAnswers();
        var pod = pod("a", "s1");
        scenario.when(scenario.add(pod));
        var before = given(pod);

        scenario.configured(exclusive(1, 1)).cloudAnswers();
        givesBackAllThatIsWished();

        scenario.when(scenario.add(pod));
        assertEquals(
                before,
                assertInstanceOf(NodeAnswer.Granted.class, scenario.answer).allocation());
        scenario.when(scenario.delete(pod)).when(scenario.gone(pod));
        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        scenario.when(endCooling());
        givesBackAllThatIsWished();
        assertFalse(scenario.node.enis().containsKey(before.eni()));
    }

    @Test
    void afterAModeChangeOnTheWayNothingOfTheOtherKindIsCounted() {
        scenario.registered().configured(exclusive(1, 1)).learnt(2, 5);
        assertEquals(1, intents().size());

        scenario.configured(2, 1);

        // The ENI that is on its way is no pod's any more, so another one is asked for.
        assertEquals(2, intents().size());
        assertFalse(((CloudIntent.CreateEni) intents().getLast()).whole());
        scenario.cloudAnswers();
        assertEquals(2, scenario.node.idle());
        assertEquals(1, scenario.every(Address.Withdrawing.class).size());
    }

    @Test
    void aBindAloneIsTakenAndEndsLikeAnyOther() {
        ready(2, 2, 4);
        var alone = pod("alone", "s1");
        var candidate = scenario.firstIdle().orElseThrow();

        scenario.alone(new JournalFact.Bound(alone, candidate)).drained();

        assertEquals(candidate, given(alone));
        scenario.alone(released(alone)).alone(removed(alone)).drained();
        assertInstanceOf(
                Address.Cooling.class,
                scenario.node.addresses().get(candidate.addresses().getFirst()));
    }

    @Test
    void whatANodeCallsAShareOfAPodsOwnEniIsTheWholeOne() {
        ready(2, 2, 4);
        var found = pod("found", "s1");
        var whole = scenario.firstIdle().orElseThrow();
        var asShare = new Allocation.SharedEni(whole.eni(), whole.addresses());

        for (int time = 0; time < 2; time++) {
            scenario.when(new NodeCommand.ReconcileKernel(
                    scenario.header(), NODE, Optional.empty(), List.of(new Present(found, asShare, "lw1")), List.of()));
            assertEquals(whole, given(found));
        }
    }

    @Test
    void rebootAndLostJournalLetAnEniRestAsTheyDoAnAddress() {
        ready(2, 2, 4);
        var pod = pod("a", "s1");
        scenario.when(scenario.add(pod)).cloudAnswers();
        IpAddress held = scenario.addressOf(pod);

        scenario.when(scenario.register(NODE, "boot-2", "run-2", new JournalId("another")));

        assertEquals(Optional.of(new BootId("boot-2")), scenario.node.boot());
        assertInstanceOf(Address.Cooling.class, scenario.node.addresses().get(held));
        assertEquals(0, scenario.node.idle());
    }
}
