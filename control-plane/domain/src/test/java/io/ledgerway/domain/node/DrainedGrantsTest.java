package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.COOL_DOWN;
import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.bound;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.NodeEvent.AllocationRevoked;
import io.ledgerway.domain.node.NodeEvent.IpAllocated;
import io.ledgerway.domain.node.NodeEvent.JournalEntryKept;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rules 5 and 17: what a node bound on its own, against what the log had given to others meanwhile.
class DrainedGrantsTest {

    @Test
    void aDrainedBindStandsAgainstAnEndpointThatIsBeingReleased() {
        var scenario = Scenario.withIdleAndJournal(3);
        var gone = pod("gone", "s1");
        scenario.when(scenario.add(gone)).when(scenario.delete(gone));
        var address = scenario.onItsEni(scenario.addressOf(gone));
        scenario.alone(bound(pod("here", "s1"), address));

        scenario.drained();

        assertEquals(address.addresses().getFirst(), scenario.addressOf(pod("here", "s1")));
        assertTrue(scenario.node.endpoint(gone.attachment()).isEmpty());
    }

    @Test
    void aWaitingRequestIsNotServedWithWhatTheNodeKnowsToBeIdle() {
        var scenario = Scenario.withIdleAndJournal(1);
        scenario.when(new NodeCommand.LearnCapacity(
                scenario.header(), NODE.node(), new NodeCapacity("ecs.small", "zone-a", 2, 2, 2, 1), List.of()));
        var only = scenario.firstIdle().orElseThrow();
        scenario.when(scenario.add(pod("a", "s1"))).when(scenario.delete(pod("a", "s1")));
        scenario.when(scenario.gone(pod("a", "s1")));
        scenario.when(scenario.add(pod("waits", "s1"), Optional.empty()));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
        scenario.now = scenario.now.plus(COOL_DOWN);
        scenario.alone(new JournalFact.Cooled(only.addresses()));

        scenario.drained();

        // The node has ended the rest itself: at this moment it may be binding the address for somebody else.
        assertInstanceOf(
                Endpoint.Queued.class,
                scenario.node.endpoint(pod("waits", "s1").attachment()).orElseThrow());
        assertEquals(1, scenario.node.idle());
        scenario.when(scenario.add(pod("waits", "s1")));
        assertInstanceOf(NodeAnswer.Granted.class, scenario.answer);
    }

    @Test
    void whatWasIdleBeforeServesNoQueuedRequest() {
        var scenario = Scenario.withIdleAndJournal(2);
        scenario.when(scenario.add(pod("a", "s1")));
        var first = scenario.onItsEni(scenario.addressOf(pod("a", "s1")));
        scenario.cloudAnswers();
        // The log has revoked a grant, so its pod waits while addresses are idle that the node knows.
        scenario.alone(bound(pod("b", "s1"), first)).drained();
        assertTrue(scenario.node.idle() > 0);

        scenario.when(new NodeCommand.ReviewPool(scenario.header(), NODE.node()));

        assertInstanceOf(
                Endpoint.Queued.class,
                scenario.node.endpoint(pod("a", "s1").attachment()).orElseThrow());
    }

    @Test
    void whatTheLogGaveToAPodThatWaitedAndTheNodeToAnotherStaysWithTheNodesAndTheFirstWaitsAgain() {
        var scenario = Scenario.withIdleAndJournal(1);
        scenario.when(new NodeCommand.LearnCapacity(
                scenario.header(), NODE.node(), new NodeCapacity("ecs.small", "zone-a", 2, 2, 2, 1), List.of()));
        var only = scenario.firstIdle().orElseThrow();
        scenario.when(scenario.add(pod("a", "s1"))).when(scenario.delete(pod("a", "s1")));
        scenario.when(scenario.gone(pod("a", "s1")));
        scenario.when(scenario.add(pod("waits", "s1"), Optional.empty()));
        scenario.now = scenario.now.plus(COOL_DOWN);
        scenario.when(new NodeCommand.EndCooling(scenario.header(), NODE.node(), only.addresses()));
        assertEquals(only.addresses().getFirst(), scenario.addressOf(pod("waits", "s1")));
        scenario.alone(new JournalFact.Cooled(only.addresses())).alone(bound(pod("here", "s1"), only));

        scenario.drained();

        assertEquals(new AllocationRevoked(pod("waits", "s1"), only), scenario.appended.getFirst());
        assertEquals(new IpAllocated(pod("here", "s1"), only), scenario.appended.get(1));
        assertInstanceOf(
                Endpoint.Queued.class,
                scenario.node.endpoint(pod("waits", "s1").attachment()).orElseThrow());
    }

    @Test
    void anEndpointThatTheKernelHasIsNotRevokedForAnother() {
        var scenario = Scenario.withIdleAndJournal(3);
        var a = pod("a", "s1");
        scenario.when(scenario.add(a));
        scenario.when(new NodeCommand.ReportEndpointReady(scenario.header(), NODE, a.attachment(), a.sandbox(), "lw1"));
        scenario.alone(bound(pod("b", "s1"), scenario.onItsEni(scenario.addressOf(a))));

        scenario.drained();

        assertInstanceOf(JournalEntryKept.class, scenario.appended.getFirst());
        assertInstanceOf(
                Endpoint.Ready.class, scenario.node.endpoint(a.attachment()).orElseThrow());
    }

    // Journals of others.
}
