package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What rests for a little while is not asked for a second time, and nobody waits for it who need not.
class RestingTest {

    private static PoolTarget target(int least, Duration coolDown) {
        return new PoolTarget(
                least, least, 0, 1, coolDown, List.of(Scenario.FIRST), PoolTarget.VSwitchSelection.ORDERED, List.of());
    }

    private static Scenario pool(int least, Duration coolDown) {
        var scenario = new Scenario().registeredWithJournal();
        return scenario.when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), target(least, coolDown)))
                .learnt(1, 20)
                .cloudAnswers();
    }

    /// Pods that have come and gone: their addresses rest from now on.
    private static void rest(Scenario scenario, int pods) {
        for (int number = 0; number < pods; number++) {
            scenario.when(scenario.add(pod("past-" + number, "s"))).cloudAnswers();
        }
        for (int number = 0; number < pods; number++) {
            var past = pod("past-" + number, "s");
            scenario.when(scenario.delete(past)).when(scenario.gone(past));
        }
    }

    @Test
    void whatRestsForALittleWhileIsNotAskedForASecondTimeAndNothingGoesBackAfterwards() {
        var scenario = pool(4, Pool.SOON);
        rest(scenario, 3);
        assertEquals(3, scenario.node.count(Address.Cooling.class));

        for (int number = 0; number < 3; number++) {
            scenario.when(scenario.add(pod("next-" + number, "s")));
        }
        assertEquals(1, scenario.node.idle());
        assertTrue(
                scenario.node.intents().isEmpty(), () -> scenario.node.intents().toString());

        scenario.now = scenario.now.plus(Pool.SOON);
        scenario.when(
                new NodeCommand.EndCooling(scenario.header(), NODE.node(), scenario.every(Address.Cooling.class)));
        assertEquals(4, scenario.node.idle());
        assertTrue(scenario.node.intents().isEmpty());
        assertEquals(0, scenario.node.count(Address.Withdrawing.class));
    }

    @Test
    void aDrainOfManyPodsThatHaveComeAndGoneAsksForNothing() {
        var scenario = pool(6, Pool.SOON);
        var pods = new ArrayList<PodRequest>();
        var idle = scenario.every(Address.Idle.class);
        for (int number = 0; number < 6; number++) {
            var pod = pod("alone-" + number, "s");
            pods.add(pod);
            scenario.alone(new JournalFact.Bound(pod, scenario.onItsEni(idle.get(number))));
        }
        pods.forEach(pod -> scenario.alone(new JournalFact.Released(pod.attachment(), pod.sandbox()))
                .alone(new JournalFact.Removed(pod.attachment(), pod.sandbox())));

        scenario.drained();

        assertEquals(6, scenario.node.count(Address.Cooling.class));
        assertTrue(
                scenario.node.intents().isEmpty(), () -> scenario.node.intents().toString());
    }

    @Test
    void aLongerRestIsNotWaitedFor() {
        var scenario = pool(4, Pool.SOON.plusSeconds(1));
        rest(scenario, 3);

        scenario.when(scenario.add(pod("next", "s")));

        assertInstanceOf(CloudIntent.AssignAddresses.class, scenario.onlyIntent());
    }

    @Test
    void aPodThatWaitsIsServedByTheCloudAndNotByARest() {
        var scenario = pool(0, Pool.SOON);
        scenario.when(scenario.add(pod("past", "s"), Optional.empty())).cloudAnswers();
        scenario.when(scenario.delete(pod("past", "s"))).when(scenario.gone(pod("past", "s")));
        assertEquals(1, scenario.node.count(Address.Cooling.class));

        scenario.when(scenario.add(pod("next", "s"), Optional.empty()));

        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
        assertInstanceOf(CloudIntent.AssignAddresses.class, scenario.onlyIntent());
    }

    @Test
    void aGuardThatEndsSoonCountsAndOneThatEndsLateDoesNot() {
        var scenario = pool(4, Pool.SOON);
        scenario.when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), target(3, Pool.SOON)));
        var wished = scenario.every(Address.Withdrawing.class);
        var wish = ((Address.Withdrawing) scenario.node.addresses().get(wished.getFirst())).wish();
        scenario.alone(new JournalFact.WithdrawalConfirmed(wish, wished))
                .drained()
                .cloudAnswers();
        scenario.when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), target(4, Pool.SOON)));
        var refill = scenario.onlyIntent();
        scenario.when(scenario.outcome(refill.id(), new CloudOutcome.Assigned(wished)));
        assertFalse(scenario.node.intents().isEmpty(), "its guard lasts for minutes yet, so another one is asked for");

        scenario.now = scenario.node.guarded().get(wished.getFirst()).until().minus(Pool.SOON);
        scenario.cloudAnswers();
        scenario.when(scenario.add(pod("next", "s")));
        assertTrue(
                scenario.node.intents().isEmpty(), () -> scenario.node.intents().toString());
    }
}
