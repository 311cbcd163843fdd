package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cloud.CloudOutcome.Kind;
import io.ledgerway.domain.cloud.Outstanding;
import io.ledgerway.domain.cloud.Provisioning;
import io.ledgerway.domain.node.NodeEvent.CloudAttemptFailed;
import io.ledgerway.domain.node.NodeEvent.EniCreationIntended;
import io.ledgerway.domain.node.NodeEvent.IpRequestQueued;
import io.ledgerway.domain.node.NodeEvent.RefillDecided;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolTest {

    private static CloudOutcome failed(Kind kind) {
        return new CloudOutcome.Failed(kind, "Code", "the cloud says no", Duration.ofSeconds(60));
    }

    @Test
    void aNewNodeFillsItsPoolToTheLowWatermark() {
        var scenario = new Scenario().registered().configured(5, 3).learnt(2, 6);

        assertEquals(1 + 5, ((CloudIntent.CreateEni) scenario.onlyIntent()).addresses());
        scenario.cloudAnswers();
        assertEquals(5, scenario.node.idle());
    }

    @Test
    void thePrimaryAddressOfAnEniIsNoPods() {
        var scenario = new Scenario().registered().configured(5, 3).learnt(2, 6).cloudAnswers();

        var eni = scenario.node.enis().firstEntry().getValue();
        assertEquals(5, scenario.node.addressesOn(eni.id()));
        assertFalse(scenario.node.addresses().containsKey(eni.primary()));
    }

    @Test
    void belowTheLowWatermarkABatchIsAskedForInTheSameAppend() {
        var scenario =
                new Scenario().registered().configured(2, 3).learnt(1, 10).cloudAnswers();
        assertEquals(3, scenario.node.idle());
        scenario.when(scenario.add(pod("a", "s1")));
        assertEquals(1, scenario.appended.size());

        scenario.when(scenario.add(pod("b", "s2")));

        var refill = assertInstanceOf(RefillDecided.class, scenario.appended.get(1));
        assertEquals(3, refill.intent().count());
    }

    @Test
    void requestsThatArriveTogetherAreMergedIntoOneRefill() {
        var scenario = new Scenario().registered().configured(0, 10).learnt(1, 10);

        for (int i = 0; i < 5; i++) {
            scenario.when(scenario.add(pod("p" + i, "s" + i)));
            assertInstanceOf(IpRequestQueued.class, scenario.appended.getFirst());
        }

        assertEquals(1, scenario.node.intents().size());
        scenario.cloudAnswers();
        assertEquals(
                5,
                scenario.node.endpoints().values().stream()
                        .filter(Endpoint.Allocated.class::isInstance)
                        .count());
    }

    @Test
    void anEniOnItsWayIsFilledBeforeAnotherOneIsAskedFor() {
        var scenario = new Scenario().registered().configured(0, 1).learnt(3, 6);
        scenario.when(scenario.add(pod("p0", "s0")));

        for (int i = 1; i < 6; i++) {
            scenario.when(scenario.add(pod("p" + i, "s" + i)));
        }
        assertEquals(1, scenario.node.intents().size());
        scenario.cloudAnswers();

        assertEquals(1, scenario.node.enis().size());
        assertEquals(
                6,
                scenario.node.endpoints().values().stream()
                        .filter(Endpoint.Allocated.class::isInstance)
                        .count());
    }

    @Test
    void whatOneEniCannotHoldIsAskedOfAnotherAtOnce() {
        var scenario = new Scenario().registered().configured(0, 1).learnt(3, 2);

        for (int i = 0; i < 5; i++) {
            scenario.when(scenario.add(pod("p" + i, "s" + i)));
        }

        assertEquals(3, scenario.node.intents().size());
    }

    @Test
    void noMoreEnisAreIntendedThanTheInstanceTypeAllows() {
        var scenario =
                new Scenario().registered().configured(50, 10).learnt(2, 6).cloudAnswers();

        assertEquals(2, scenario.node.enis().size());
        assertEquals(12, scenario.node.addresses().size());
    }

    @Test
    void anExhaustedVSwitchIsLeftForTheNextOne() {
        var scenario = new Scenario().registered().configured(2, 2).learnt(1, 6);
        assertEquals(Scenario.FIRST, ((CloudIntent.CreateEni) scenario.onlyIntent()).vSwitch());

        scenario.when(scenario.outcome(scenario.onlyIntent().id(), failed(Kind.VSWITCH_EXHAUSTED)));

        assertEquals(Scenario.SECOND, ((CloudIntent.CreateEni) scenario.onlyIntent()).vSwitch());
    }

    @Test
    void anExhaustedVSwitchIsTriedAgainAfterItsTime() {
        var scenario = new Scenario().registered().configured(2, 2).learnt(1, 6);
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), failed(Kind.VSWITCH_EXHAUSTED)));
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), failed(Kind.VSWITCH_EXHAUSTED)));
        assertTrue(scenario.node.intents().isEmpty());

        scenario.now = scenario.now.plusSeconds(60);
        scenario.when(new NodeCommand.ReviewPool(scenario.header(), Scenario.NODE.node()));

        assertEquals(Scenario.FIRST, ((CloudIntent.CreateEni) scenario.onlyIntent()).vSwitch());
        assertTrue(Provisioning.outstanding(scenario.node).stream()
                .noneMatch(Outstanding.PoolReviewDue.class::isInstance));
    }

    @Test
    void aFailureOfAnAttemptUnderATokenThatWasReplacedMeanwhileReplacesNoneAgain() {
        var scenario = new Scenario().registered().configured(2, 2).learnt(1, 6);
        var create = scenario.onlyIntent();
        scenario.when(scenario.outcome(create.id(), failed(Kind.TOKEN_FAILED)));

        scenario.when(new NodeCommand.RecordCloudOutcome(
                scenario.header(), Scenario.NODE.node(), create.id(), failed(Kind.TOKEN_FAILED), Optional.of(create)));

        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void aRepeatableFailureKeepsTheTokenAndABurntOneIsReplaced() {
        var scenario = new Scenario().registered().configured(2, 2).learnt(1, 6);
        var create = (CloudIntent.CreateEni) scenario.onlyIntent();

        scenario.when(scenario.outcome(create.id(), failed(Kind.RETRY)));
        assertInstanceOf(CloudAttemptFailed.class, scenario.appended.getFirst());
        assertEquals(create.token(), ((CloudIntent.CreateEni) scenario.onlyIntent()).token());
        assertEquals(2, scenario.node.intents().get(create.id()).attempt());

        scenario.when(scenario.outcome(create.id(), failed(Kind.TOKEN_FAILED)));
        assertNotEquals(create.token(), ((CloudIntent.CreateEni) scenario.onlyIntent()).token());
        assertEquals(create.id(), scenario.onlyIntent().id());
    }

    @Test
    void anAttemptThatTheCloudTakesNoMoreIsFollowedByOneWithANewTime() {
        var scenario = new Scenario().registered().configured(2, 2).learnt(1, 6);
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), scenario.success(scenario.onlyIntent())));
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), failed(Kind.LIMIT_REACHED)));
        var delete = assertInstanceOf(CloudIntent.DeleteEni.class, scenario.onlyIntent());
        scenario.now = scenario.now.plus(Duration.ofMinutes(16));

        scenario.when(scenario.outcome(delete.id(), failed(Kind.EXPIRED)));

        var failed = assertInstanceOf(CloudAttemptFailed.class, scenario.appended.getFirst());
        assertEquals(Optional.of(failed.retryAt()), failed.newTime());
        var again = assertInstanceOf(
                CloudIntent.DeleteEni.class,
                scenario.node.intents().get(delete.id()).intent());
        assertEquals(failed.retryAt(), again.intendedAt());
        assertEquals(2, scenario.node.intents().get(delete.id()).attempt());
    }

    @Test
    void aVSwitchThatThePoolNamesAndNobodyHasSeenIsOutstanding() {
        var scenario = Scenario.withIdle(2);
        assertTrue(Provisioning.outstanding(scenario.node).stream()
                .noneMatch(Outstanding.CapacityNeeded.class::isInstance));

        var target = Scenario.target(2, 1);
        var third = new VSwitchId("vsw-3");
        scenario.when(new NodeCommand.ConfigurePool(
                scenario.header(),
                Scenario.NODE.node(),
                new PoolTarget(
                        target.lowWatermark(),
                        target.highWatermark(),
                        target.batch(),
                        target.coolDown(),
                        List.of(Scenario.FIRST, Scenario.SECOND, third),
                        target.selection(),
                        target.securityGroups())));

        assertTrue(Provisioning.outstanding(scenario.node).stream()
                .anyMatch(Outstanding.CapacityNeeded.class::isInstance));
        var seen = new VSwitch(third, Cidr.parse("10.0.3.0/24"), "zone-a", 9, Optional.empty());
        scenario.when(new NodeCommand.LearnCapacity(
                scenario.header(),
                Scenario.NODE.node(),
                scenario.node.capacity().orElseThrow(),
                List.of(seen)));
        assertEquals(seen, scenario.node.vSwitches().get(third));
        assertTrue(Provisioning.outstanding(scenario.node).stream()
                .noneMatch(Outstanding.CapacityNeeded.class::isInstance));
    }

    @Test
    void aLookAtAVSwitchEndsNoBlockOnIt() {
        var scenario = new Scenario().registered().configured(2, 2).learnt(1, 6);
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), failed(Kind.VSWITCH_EXHAUSTED)));
        var blocked = scenario.node.vSwitches().get(Scenario.FIRST).blockedUntil();
        assertTrue(blocked.isPresent());

        scenario.learnt(1, 6);

        assertEquals(blocked, scenario.node.vSwitches().get(Scenario.FIRST).blockedUntil());
        assertEquals(250, scenario.node.vSwitches().get(Scenario.FIRST).available());
    }

    @Test
    void anEniThatCannotBeAttachedIsDeletedAndTheNodeWaits() {
        var scenario = new Scenario().registered().configured(2, 2).learnt(1, 6);
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), scenario.success(scenario.onlyIntent())));
        var attach = assertInstanceOf(CloudIntent.AttachEni.class, scenario.onlyIntent());

        scenario.when(scenario.outcome(attach.id(), failed(Kind.LIMIT_REACHED)));
        assertInstanceOf(CloudIntent.DeleteEni.class, scenario.onlyIntent());
        scenario.cloudAnswers();

        assertTrue(scenario.node.enis().isEmpty());
        assertTrue(scenario.node.addresses().isEmpty());
        assertTrue(
                Provisioning.outstanding(scenario.node).stream().anyMatch(Outstanding.PoolReviewDue.class::isInstance));
    }

    @Test
    void aRefusingCloudIsNamedToThePodThatAsks() {
        var scenario = new Scenario().registered().configured(2, 2).learnt(1, 6);
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), failed(Kind.REFUSED)));

        scenario.when(scenario.add(pod("a", "s1")));

        var rejected = assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer);
        assertTrue(rejected.rejection().message().contains("the cloud says no"));
    }

    @Test
    void anOutcomeThatIsToldTwiceChangesNothingTheSecondTime() {
        var scenario = new Scenario().registered().configured(2, 2).learnt(1, 6);
        var create = scenario.onlyIntent();
        var outcome = scenario.success(create);
        scenario.when(scenario.outcome(create.id(), outcome));

        scenario.when(scenario.outcome(create.id(), outcome));

        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void aRebootEndsEveryEndpointAndLetsItsAddressesRest() {
        var scenario = Scenario.withIdle(3);
        scenario.when(scenario.add(pod("a", "s1")));
        var address = scenario.addressOf(pod("a", "s1"));

        scenario.when(
                new NodeCommand.RegisterNode(scenario.header(), Scenario.NODE, new BootId("boot-2"), "run-2", "0.1"));

        assertTrue(scenario.node.endpoints().isEmpty());
        assertInstanceOf(Address.Cooling.class, scenario.node.addresses().get(address));
    }

    @Test
    void identifiersAreDerivedFromTheCommandSoThatAReplayedDecisionIsTheSame() {
        var scenario = new Scenario().registered().configured(2, 2);
        var before = scenario.node;
        scenario.learnt(1, 6);
        var intended = assertInstanceOf(EniCreationIntended.class, scenario.appended.get(1))
                .intent();

        assertEquals(new IntentId("cmd-3.0"), intended.id());
        assertEquals("lw-cmd-3.0", intended.token().value());
        var again = before;
        for (var event : scenario.appended) {
            again = again.evolve(event);
        }
        assertEquals(scenario.node, again);
    }
}
