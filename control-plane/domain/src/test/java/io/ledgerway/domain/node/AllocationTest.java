package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.node.NodeEvent.EndpointRemoved;
import io.ledgerway.domain.node.NodeEvent.IpAllocated;
import io.ledgerway.domain.node.NodeEvent.IpReleased;
import io.ledgerway.domain.node.NodeEvent.IpRequestCancelled;
import io.ledgerway.domain.node.NodeEvent.IpRequestQueued;
import io.ledgerway.domain.node.NodeEvent.IpRequestRejected;
import io.ledgerway.domain.node.NodeEvent.SandboxReplaced;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AllocationTest {

    @Test
    void theNodesChoiceIsGrantedWithEverythingThatTheEndpointNeeds() {
        var scenario = Scenario.withIdle(3);

        scenario.when(scenario.add(pod("a", "s1")));

        var granted = assertInstanceOf(NodeAnswer.Granted.class, scenario.answer);
        assertEquals(List.of(new IpAddress("10.0.1.2")), granted.allocation().addresses());
        assertEquals(new Eni.Attached(1), granted.eni().state());
        assertEquals(new IpAddress("10.0.1.253"), granted.vSwitch().gateway());
        assertInstanceOf(IpAllocated.class, scenario.appended.getFirst());
    }

    @Test
    void retriedAddReturnsTheSameAddressAndLeavesNoEvent() {
        var scenario = Scenario.withIdle(3);
        scenario.when(scenario.add(pod("a", "s1")));
        var first = scenario.addressOf(pod("a", "s1"));

        scenario.when(scenario.add(pod("a", "s1")));

        var granted = assertInstanceOf(NodeAnswer.Granted.class, scenario.answer);
        assertEquals(List.of(first), granted.allocation().addresses());
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void newSandboxKeepsTheAddressAndIsRecorded() {
        var scenario = Scenario.withIdle(3);
        scenario.when(scenario.add(pod("a", "s1")));
        var first = scenario.addressOf(pod("a", "s1"));

        scenario.when(scenario.add(pod("a", "s2")));

        assertEquals(
                List.of(new SandboxReplaced(pod("a", "s1").attachment(), new SandboxId("s1"), new SandboxId("s2"))),
                scenario.appended);
        assertEquals(first, scenario.addressOf(pod("a", "s2")));
    }

    @Test
    void lateDelOfTheSandboxBeforeFreesNothing() {
        var scenario = Scenario.withIdle(3);
        scenario.when(scenario.add(pod("a", "s1"))).when(scenario.add(pod("a", "s2")));

        scenario.when(scenario.delete(pod("a", "s1")));

        assertEquals(new NodeAnswer.Released(false), scenario.answer);
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void delOfAContainerNeverSeenFreesNothing() {
        var scenario = Scenario.withIdle(3);

        scenario.when(scenario.delete(pod("never", "s1")));

        assertEquals(new NodeAnswer.Released(false), scenario.answer);
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void anAddressRestsFromTheMomentItsEndpointIsKnownToBeGone() {
        var scenario = Scenario.withIdle(3);
        scenario.when(scenario.add(pod("a", "s1")));
        var address = scenario.addressOf(pod("a", "s1"));

        scenario.when(scenario.delete(pod("a", "s1")));
        assertInstanceOf(IpReleased.class, scenario.appended.getFirst());
        assertInstanceOf(Address.Bound.class, scenario.node.addresses().get(address));

        scenario.when(scenario.gone(pod("a", "s1")));
        assertInstanceOf(EndpointRemoved.class, scenario.appended.getFirst());
        assertEquals(
                new Address.Cooling(new EniId("eni-1"), scenario.now.plus(Scenario.COOL_DOWN)),
                scenario.node.addresses().get(address));
    }

    @Test
    void aRestingAddressIsNotIdleBeforeItsTime() {
        var scenario = Scenario.withIdle(1);
        scenario.when(scenario.add(pod("a", "s1")));
        var address = scenario.addressOf(pod("a", "s1"));
        scenario.when(scenario.delete(pod("a", "s1"))).when(scenario.gone(pod("a", "s1")));

        scenario.now = scenario.now.plus(Scenario.COOL_DOWN).minusMillis(1);
        scenario.when(new NodeCommand.EndCooling(scenario.header(), Scenario.NODE.node(), List.of(address)));
        assertEquals(List.of(), scenario.appended);

        scenario.now = scenario.now.plusMillis(1);
        scenario.when(new NodeCommand.EndCooling(scenario.header(), Scenario.NODE.node(), List.of(address)));
        assertInstanceOf(Address.Idle.class, scenario.node.addresses().get(address));
    }

    @Test
    void aSecondDelSaysTheSameAndLeavesNoEvent() {
        var scenario = Scenario.withIdle(3);
        scenario.when(scenario.add(pod("a", "s1"))).when(scenario.delete(pod("a", "s1")));

        scenario.when(scenario.delete(pod("a", "s1")));

        assertEquals(new NodeAnswer.Released(true), scenario.answer);
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void addAfterDelWaitsUntilTheEndpointIsGone() {
        var scenario = Scenario.withIdle(3);
        scenario.when(scenario.add(pod("a", "s1"))).when(scenario.delete(pod("a", "s1")));

        scenario.when(scenario.add(pod("a", "s1")));
        var rejected = assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer);
        assertEquals(Reason.BEING_RELEASED, rejected.rejection().reason());

        scenario.when(scenario.gone(pod("a", "s1"))).when(scenario.add(pod("a", "s1")));
        assertInstanceOf(NodeAnswer.Granted.class, scenario.answer);
    }

    @Test
    void anAddressThatIsTakenIsRefusedWithoutAnEvent() {
        var scenario = Scenario.withIdle(3);
        var candidate = scenario.firstIdle();
        scenario.when(scenario.add(pod("a", "s1"), candidate));

        scenario.when(scenario.add(pod("b", "s2"), candidate));

        assertInstanceOf(NodeAnswer.CandidateRefused.class, scenario.answer);
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void aNodeThatProposesNothingWhileSomethingIsIdleHasToLookAgain() {
        var scenario = Scenario.withIdle(3);

        scenario.when(scenario.add(pod("a", "s1"), Optional.empty()));

        assertInstanceOf(NodeAnswer.CandidateRefused.class, scenario.answer);
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void aQueuedRequestIsBoundInTheAppendThatBringsItsAddress() {
        var scenario = Scenario.withIdle(0);
        scenario.when(scenario.add(pod("a", "s1")));
        var queued = assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
        assertEquals(scenario.onlyIntent().id(), queued.waitsFor().orElseThrow());

        scenario.cloudAnswers();

        assertTrue(scenario.appended.stream().anyMatch(IpAllocated.class::isInstance), scenario.appended.toString());
        assertInstanceOf(
                Endpoint.Allocated.class,
                scenario.node.endpoint(pod("a", "s1").attachment()).orElseThrow());
    }

    /// What the instance had may be another's in the cloud before the log hears that the instance is gone.
    @Test
    void aQueuedRequestOfALostNodeIsNotServed() {
        var scenario = Scenario.withIdle(1);
        scenario.when(scenario.add(pod("a", "s1")));
        scenario.when(scenario.delete(pod("a", "s1"))).when(scenario.gone(pod("a", "s1")));
        var rests = scenario.every(Address.Cooling.class);
        while (scenario.firstIdle().isPresent()) {
            scenario.when(scenario.add(pod("fills-" + scenario.node.idle(), "s2")));
        }
        scenario.when(scenario.add(pod("waits", "s3")));
        scenario.lost();

        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        scenario.when(new NodeCommand.EndCooling(scenario.header(), Scenario.NODE.node(), rests));

        assertInstanceOf(
                Endpoint.Queued.class,
                scenario.node.endpoint(pod("waits", "s3").attachment()).orElseThrow());
        assertInstanceOf(Address.Idle.class, scenario.node.addresses().get(rests.getFirst()));
    }

    @Test
    void delOfAQueuedRequestCancelsIt() {
        var scenario = Scenario.withIdle(0);
        scenario.when(scenario.add(pod("a", "s1")));
        assertInstanceOf(IpRequestQueued.class, scenario.appended.getFirst());

        scenario.when(scenario.delete(pod("a", "s1")));

        assertInstanceOf(IpRequestCancelled.class, scenario.appended.getFirst());
        assertTrue(scenario.node.endpoints().isEmpty());
    }

    @Test
    void aFullNodeRejectsOnTheRecordOnceAndAnswersEveryTime() {
        var scenario = new Scenario().registered().configured(0, 1).learnt(1, 1);
        scenario.when(scenario.add(pod("a", "s1"))).cloudAnswers();

        scenario.when(scenario.add(pod("b", "s2")));
        var rejected = assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer);
        assertEquals(Reason.NODE_FULL, rejected.rejection().reason());
        assertInstanceOf(IpRequestRejected.class, scenario.appended.getFirst());

        scenario.when(scenario.add(pod("b", "s2")));
        assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer);
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void aRejectedPodIsServedOnceThereIsRoom() {
        var scenario = new Scenario().registered().configured(0, 1).learnt(1, 1);
        scenario.when(scenario.add(pod("a", "s1"))).cloudAnswers();
        scenario.when(scenario.add(pod("b", "s2")));
        scenario.when(scenario.delete(pod("a", "s1"))).when(scenario.gone(pod("a", "s1")));

        scenario.when(scenario.add(pod("b", "s2")));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);

        scenario.now = scenario.now.plus(Scenario.COOL_DOWN);
        scenario.when(new NodeCommand.EndCooling(
                scenario.header(),
                Scenario.NODE.node(),
                List.copyOf(scenario.node.addresses().keySet())));
        assertEquals(new IpAddress("10.0.1.2"), scenario.addressOf(pod("b", "s2")));
    }

    @Test
    void anotherInstanceUnderTheSameNameIsRefusedOnTheRecord() {
        var scenario = Scenario.withIdle(3);
        var other = new Incarnation(new ClusterId("c1"), new NodeName("node-1"), new InstanceId("i-2"));

        scenario.when(new NodeCommand.AllocateIp(scenario.header(), other, pod("a", "s1"), scenario.firstIdle()));

        var rejected = assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer);
        assertEquals(Reason.OTHER_INCARNATION, rejected.rejection().reason());
        assertInstanceOf(IpRequestRejected.class, scenario.appended.getFirst());
    }
}
