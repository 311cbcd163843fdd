package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cloud.CloudOutcome.Kind;
import io.ledgerway.domain.cloud.Outstanding;
import io.ledgerway.domain.cloud.Provisioning;
import io.ledgerway.domain.node.NodeEvent.AddressesCooled;
import io.ledgerway.domain.node.NodeEvent.AddressesWithdrawn;
import io.ledgerway.domain.node.NodeEvent.CloudAttemptFailed;
import io.ledgerway.domain.node.NodeEvent.EniDetachIntended;
import io.ledgerway.domain.node.NodeEvent.UnassignIntended;
import io.ledgerway.domain.node.NodeEvent.WithdrawProposed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rules 7 and 23, seen from the cloud's side: what is confirmed is asked back, for as long as it takes, and what
/// a late call could still take away is nobody's before its time.
class GivingBackTest {

    private static final JournalId JOURNAL = new JournalId("j-1");

    private final Scenario scenario = new Scenario();
    private long sequence;

    /// One ENI with `surplus` addresses more than the pool may keep, which the node confirms wish by wish.
    private void withdrawn(int kept, int surplus) {
        scenario.registered()
                .when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), target(kept + surplus)));
        scenario.learnt(1, kept + surplus).cloudAnswers();
        assertEquals(kept + surplus, scenario.node.idle());
        scenario.when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), target(kept)));
    }

    private static PoolTarget target(int most) {
        return new PoolTarget(
                most,
                most,
                0,
                10,
                Scenario.COOL_DOWN,
                List.of(Scenario.FIRST),
                PoolTarget.VSwitchSelection.ORDERED,
                List.of());
    }

    private WithdrawProposed wish() {
        return scenario.history.reversed().stream()
                .filter(WithdrawProposed.class::isInstance)
                .map(WithdrawProposed.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private void confirm(WithdrawProposed wish) {
        scenario.when(new NodeCommand.DrainJournal(
                scenario.header(),
                NODE,
                JOURNAL,
                List.of(new Journalled(
                        ++sequence,
                        scenario.now,
                        new JournalFact.WithdrawalConfirmed(wish.wish(), wish.addresses())))));
    }

    private CloudIntent.UnassignAddresses unassign() {
        return (CloudIntent.UnassignAddresses) scenario.onlyIntent();
    }

    private void answer(CloudOutcome outcome) {
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), outcome));
    }

    private static CloudOutcome failed(Kind kind) {
        return new CloudOutcome.Failed(kind, "Code", "the cloud says no", Duration.ofSeconds(60));
    }

    private EniId eni() {
        return scenario.node.enis().firstEntry().getKey();
    }

    @Test
    void oneCallGivesBackNoMoreThanTheCloudTakes() {
        withdrawn(2, 25);
        confirm(wish());
        assertEquals(PoolTarget.LARGEST_BATCH, unassign().addresses().size());
        // The first call hangs; the pool goes on wishing, and the node confirming.
        confirm(wish());
        confirm(wish());
        assertEquals(25, scenario.node.count(Address.Withdrawn.class));

        answer(new CloudOutcome.Unassigned());

        assertEquals(PoolTarget.LARGEST_BATCH, unassign().addresses().size());
        scenario.cloudAnswers();
        assertEquals(2, scenario.node.addressesOn(eni()));
    }

    @Test
    void whatTheCloudRefusesToTakeBackStaysToBeDoneAndStopsNoGrowth() {
        for (var kind : List.of(Kind.REFUSED, Kind.LIMIT_REACHED)) {
            var refused = new GivingBackTest();
            refused.withdrawn(2, 1);
            refused.confirm(refused.wish());
            var intent = refused.unassign();

            refused.answer(failed(kind));

            assertInstanceOf(CloudAttemptFailed.class, refused.scenario.appended.getFirst());
            var pending = refused.scenario.node.intents().firstEntry().getValue();
            assertEquals(intent, pending.intent());
            assertEquals(refused.scenario.now.plusSeconds(60), pending.notBefore());
            assertTrue(refused.scenario.node.growthBlock().isEmpty());
        }
    }

    @Test
    void anEniThatNothingIsLeftOnIsDetachedAndDeleted() {
        withdrawn(0, 3);
        confirm(wish());

        assertInstanceOf(EniDetachIntended.class, scenario.appended.getLast());
        scenario.cloudAnswers();

        assertTrue(scenario.node.enis().isEmpty());
        assertTrue(scenario.node.addresses().isEmpty());
    }

    /// Two ENIs of three: `pods` on the first, and as many idle ones as are left.
    private void spread(int low, int high, int pods) {
        scenario.registered().when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), target(low, high)));
        scenario.learnt(2, 6).cloudAnswers();
        var all = new java.util.ArrayList<PodRequest>();
        while (scenario.node.enis().size() < 2) {
            var pod = pod("p" + all.size(), "s" + all.size());
            all.add(pod);
            scenario.when(scenario.add(pod)).cloudAnswers();
        }
        for (var pod : all.subList(pods, all.size())) {
            scenario.when(scenario.delete(pod)).when(scenario.gone(pod));
        }
        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        scenario.when(new NodeCommand.EndCooling(
                scenario.header(),
                NODE.node(),
                List.copyOf(scenario.node.addresses().keySet())));
    }

    private static PoolTarget target(int low, int high) {
        return new PoolTarget(
                low,
                high,
                0,
                1,
                Scenario.COOL_DOWN,
                List.of(Scenario.FIRST),
                PoolTarget.VSwitchSelection.ORDERED,
                List.of());
    }

    @Test
    void anEniWithoutPodsIsEmptiedIfTheOthersHaveEnough() {
        spread(2, 6, 0);
        while (!scenario.node.addresses().values().stream().allMatch(Address.Idle.class::isInstance)
                || scenario.node.enis().size() > 1) {
            confirm(wish());
            scenario.cloudAnswers();
        }

        assertEquals(1, scenario.node.enis().size());
        assertTrue(scenario.node.idle() >= 2, scenario.node::toString);
    }

    @Test
    void anEniWithoutPodsStaysWhileTheNextPodsWouldBringItBack() {
        // The first ENI is full of pods but for one address.
        spread(1, 3, 5);

        assertTrue(scenario.history.stream().noneMatch(WithdrawProposed.class::isInstance), scenario.node::toString);
        assertEquals(2, scenario.node.enis().size());
    }

    /// The address that was given back, and has come back to the same ENI.
    private IpAddress backOnTheSameEni() {
        withdrawn(2, 1);
        var wish = wish();
        confirm(wish);
        assertTrue(scenario.appended.stream().anyMatch(AddressesWithdrawn.class::isInstance));
        answer(new CloudOutcome.Unassigned());
        var ip = wish.addresses().getFirst();
        scenario.when(scenario.add(pod("a", "s1")));
        var assign = (CloudIntent.AssignAddresses) scenario.onlyIntent();
        scenario.when(scenario.outcome(assign.id(), new CloudOutcome.Assigned(List.of(ip))));
        return ip;
    }

    @Test
    void anAddressThatComesBackIsNotUsedBeforeTheDeadlineOfTheCallThatTookItAway() {
        var ip = backOnTheSameEni();
        var intended = scenario.history.stream()
                .filter(UnassignIntended.class::isInstance)
                .map(event -> ((UnassignIntended) event).intent())
                .findFirst()
                .orElseThrow();

        assertInstanceOf(Address.Arriving.class, scenario.node.addresses().get(ip));
        assertTrue(scenario.node.isGuarded(ip));
        scenario.when(scenario.add(pod("b", "s2"), Optional.of(new Allocation.SharedEni(eni(), List.of(ip)))));
        assertInstanceOf(NodeAnswer.CandidateRefused.class, scenario.answer);
        scenario.now = intended.deadline().minusMillis(1);
        scenario.when(new NodeCommand.EndCooling(scenario.header(), NODE.node(), List.of(ip)));
        assertTrue(scenario.appended.isEmpty(), "not before its time, whoever says so");

        scenario.now = intended.deadline();
        scenario.when(new NodeCommand.EndCooling(scenario.header(), NODE.node(), List.of(ip)));

        assertEquals(new AddressesCooled(List.of(ip)), scenario.appended.getFirst());
        assertInstanceOf(Address.Idle.class, scenario.node.addresses().get(ip));
        assertFalse(scenario.node.isGuarded(ip));
    }

    @Test
    void theEndOfAGuardIsOutstandingAndNotTheEndOfARest() {
        var ip = backOnTheSameEni();
        scenario.cloudAnswers();

        var due = Provisioning.outstanding(scenario.node);

        assertEquals(
                List.of(new Outstanding.GuardEnds(
                        eni(), List.of(ip), scenario.node.guarded().get(ip).until())),
                due);
    }

    @Test
    void anAddressThatALateCallHasTakenAwayIsGivenUpAndNeverIdle() {
        var ip = backOnTheSameEni();
        scenario.cloudAnswers();
        scenario.now = scenario.node.guarded().get(ip).until();

        scenario.when(new NodeCommand.EndCooling(scenario.header(), NODE.node(), List.of(), List.of(ip)));

        assertEquals(List.of(ip), unassign().addresses(), "the attempt looks, and asks for nothing that is not there");
        assertTrue(Provisioning.outstanding(scenario.node).stream().noneMatch(Outstanding.GuardEnds.class::isInstance));
        answer(new CloudOutcome.Unassigned());
        assertFalse(scenario.node.addresses().containsKey(ip));
    }
}
