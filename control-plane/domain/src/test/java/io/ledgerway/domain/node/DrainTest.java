package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.COOL_DOWN;
import static io.ledgerway.domain.node.Scenario.JOURNAL;
import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.bound;
import static io.ledgerway.domain.node.Scenario.pod;
import static io.ledgerway.domain.node.Scenario.released;
import static io.ledgerway.domain.node.Scenario.removed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.NodeEvent.AllocationReplaced;
import io.ledgerway.domain.node.NodeEvent.EndpointRemoved;
import io.ledgerway.domain.node.NodeEvent.JournalEntryKept;
import io.ledgerway.domain.node.NodeEvent.JournalLost;
import io.ledgerway.domain.node.NodeEvent.JournalStarted;
import io.ledgerway.domain.node.NodeEvent.SandboxReplaced;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rules 15 to 17: what a node did on its own.
class DrainTest {

    @Test
    void aDrainedBindOverridesARejection() {
        var scenario = Scenario.withIdleAndJournal(1);
        var only = scenario.firstIdle().orElseThrow();
        scenario.when(new NodeCommand.LearnCapacity(
                scenario.header(), NODE.node(), new NodeCapacity("ecs.small", "zone-a", 2, 2, 2, 1), List.of()));
        scenario.when(scenario.add(pod("first", "s1"))).cloudAnswers();
        scenario.when(scenario.add(pod("refused", "s2"), Optional.empty()));
        assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer);
        scenario.alone(released(pod("first", "s1"))).alone(removed(pod("first", "s1")));
        scenario.now = scenario.now.plus(COOL_DOWN);
        scenario.alone(new JournalFact.Cooled(only.addresses())).alone(bound(pod("refused", "s2"), only));

        scenario.drained();

        assertEquals(
                only.addresses().getFirst(), scenario.addressOf(pod("refused", "s2")), () -> "" + scenario.appended);
        assertTrue(scenario.node.rejected().isEmpty());
    }

    @Test
    void anotherAddressThatTheLogHadGivenThePodCoolsInTheSameAppend() {
        var scenario = Scenario.withIdleAndJournal(3);
        var byTheLog = scenario.firstIdle().orElseThrow();
        scenario.when(scenario.add(pod("a", "s1"), Optional.of(byTheLog)));
        var byTheNode = scenario.firstIdle().orElseThrow();
        scenario.alone(bound(pod("a", "s1"), byTheNode));

        scenario.drained();

        var replaced = assertInstanceOf(AllocationReplaced.class, scenario.appended.getFirst());
        assertEquals(byTheLog, replaced.before());
        assertEquals(byTheNode, replaced.now());
        assertEquals(
                new Address.Cooling(
                        byTheLog.eni(), scenario.journal.getFirst().at().plus(COOL_DOWN)),
                scenario.node.addresses().get(byTheLog.addresses().getFirst()));
        assertEquals(byTheNode.addresses().getFirst(), scenario.addressOf(pod("a", "s1")));
    }

    @Test
    void aDrainedBindCancelsTheWishForItsAddress() {
        var scenario = Scenario.withIdleAndJournal(4);
        scenario.when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), Scenario.target(0, 2, 0, 1)));
        var wished = scenario.every(Address.Withdrawing.class);
        assertEquals(2, wished.size());
        scenario.alone(bound(pod("a", "s1"), scenario.onItsEni(wished.getFirst())));

        scenario.drained();

        assertEquals(
                List.of("WithdrawalCancelled", "IpAllocated", "JournalDrained"),
                scenario.appendedTypes().subList(0, 3));
        assertEquals(wished.getFirst(), scenario.addressOf(pod("a", "s1")));
        assertEquals(wished.subList(1, 2), scenario.every(Address.Withdrawing.class));
    }

    @Test
    void aBindOfWhatTheNodeGaveBackIsKeptAndChangesNothing() {
        var scenario = Scenario.withIdleAndJournal(4);
        scenario.when(new NodeCommand.ConfigurePool(scenario.header(), NODE.node(), Scenario.target(0, 3, 0, 1)));
        var wished = scenario.every(Address.Withdrawing.class);
        var wish = ((Address.Withdrawing) scenario.node.addresses().get(wished.getFirst())).wish();
        var allocation = scenario.onItsEni(wished.getFirst());
        scenario.alone(new JournalFact.WithdrawalConfirmed(wish, wished)).alone(bound(pod("a", "s1"), allocation));

        scenario.drained();

        var kept = assertInstanceOf(JournalEntryKept.class, scenario.appended.get(1));
        assertEquals(2, kept.entry().sequence());
        assertTrue(scenario.node.endpoint(pod("a", "s1").attachment()).isEmpty());
        assertInstanceOf(Address.Withdrawn.class, scenario.node.addresses().get(wished.getFirst()));
    }

    @Test
    void aRepeatedBatchAppendsNothing() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.alone(bound(pod("a", "s1"), scenario.firstIdle().orElseThrow()))
                .alone(released(pod("a", "s1")))
                .drained();
        var before = scenario.node;

        scenario.drained();

        assertEquals(List.of(), scenario.appended);
        assertEquals(new NodeAnswer.Drained(2), scenario.answer);
        assertEquals(before, scenario.node);
    }

    @Test
    void ofABatchThatOverlapsOnlyWhatIsNewIsAppended() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.alone(bound(pod("a", "s1"), scenario.firstIdle().orElseThrow()))
                .drained();
        scenario.alone(released(pod("a", "s1")));

        scenario.drained();

        assertEquals(List.of("IpReleased", "JournalDrained"), scenario.appendedTypes());
        assertEquals(new NodeAnswer.Drained(2), scenario.answer);
    }

    @Test
    void aBatchOfAJournalThatNobodyNamedIsStillHeardOnce() {
        var scenario = Scenario.withIdle(3);
        scenario.alone(bound(pod("a", "s1"), scenario.firstIdle().orElseThrow()))
                .drained();
        assertInstanceOf(JournalStarted.class, scenario.appended.getFirst());

        scenario.drained();

        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void aGapInAJournalIsTold() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.alone(bound(pod("a", "s1"), scenario.firstIdle().orElseThrow()));
        scenario.entries += 3;
        scenario.alone(released(pod("a", "s1")));

        scenario.drained();

        assertEquals(
                List.of("IpAllocated", "JournalLost", "AddressesHeldBack", "IpReleased", "JournalDrained"),
                scenario.appendedTypes().subList(0, 5));
        assertEquals(new JournalLost(JOURNAL, JOURNAL), scenario.appended.get(1));
        assertEquals(scenario.journal.getLast().at(), scenario.valid.get(1).from());
        assertEquals(Optional.of(new JournalMark(JOURNAL, 5)), scenario.node.journal());
    }

    @Test
    void everyEventOfABatchHasTheTimeOfItsEntry() {
        var scenario = Scenario.withIdleAndJournal(3);
        var address = scenario.firstIdle().orElseThrow();
        var a = pod("a", "s1");
        scenario.alone(bound(a, address)).alone(released(a)).alone(removed(a));
        scenario.now = scenario.now.plus(COOL_DOWN);
        scenario.alone(new JournalFact.Cooled(address.addresses()));
        scenario.now = scenario.now.plusSeconds(600);

        scenario.drained();

        var times = scenario.journal.stream().map(Journalled::at).toList();
        assertEquals(
                List.of("IpAllocated", "IpReleased", "EndpointRemoved", "AddressesCooled", "JournalDrained"),
                scenario.appendedTypes());
        assertEquals(
                List.of(times.get(0), times.get(1), times.get(2), times.get(3), scenario.now),
                scenario.valid.stream().map(Decision.Valid::from).toList());
        assertEquals(times.get(2).plus(COOL_DOWN), ((EndpointRemoved) scenario.appended.get(2)).coolUntil());
    }

    @Test
    void theSameAddressInAnotherSandboxOnlyReplacesTheSandbox() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.when(scenario.add(pod("a", "s1")));
        scenario.alone(bound(pod("a", "s2"), scenario.onItsEni(scenario.addressOf(pod("a", "s1")))));

        scenario.drained();

        assertEquals(
                new SandboxReplaced(pod("a", "s1").attachment(), new SandboxId("s1"), new SandboxId("s2")),
                scenario.appended.getFirst());
        assertEquals(2, scenario.appended.size());
    }

    @Test
    void anEntryThatCannotBeIsKeptAndTheNextOneIsHeard() {
        var scenario = Scenario.withIdleAndJournal(3);
        var nobodys =
                new Allocation.SharedEni(scenario.firstIdle().orElseThrow().eni(), List.of(new IpAddress("10.9.9.9")));
        scenario.alone(bound(pod("a", "s1"), nobodys))
                .alone(removed(pod("unheard", "s1")))
                .alone(bound(pod("b", "s1"), scenario.firstIdle().orElseThrow()));

        scenario.drained();

        assertEquals(
                List.of("JournalEntryKept", "JournalEntryKept", "IpAllocated", "JournalDrained"),
                scenario.appendedTypes().subList(0, 4));
    }

    @Test
    void anAbandonedAddLeavesTheQueue() {
        var scenario = Scenario.withIdleAndJournal(0);
        scenario.when(scenario.add(pod("a", "s1")));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
        scenario.alone(new JournalFact.Abandoned(pod("a", "s1"), "the deadline passed"));

        scenario.drained();

        assertTrue(scenario.node.endpoints().isEmpty());
    }

    @Test
    void whatTheLogGaveToAnAddThatWasAbandonedIsReleasedAndStaysHeldUntilTheKernelIsKnownToHoldNothing() {
        var scenario = Scenario.withIdleAndJournal(3);
        var a = pod("a", "s1");
        scenario.when(scenario.add(a));
        var address = scenario.addressOf(a);
        scenario.alone(new JournalFact.Abandoned(a, "the deadline passed")).drained();

        assertInstanceOf(
                Endpoint.Releasing.class, scenario.node.endpoint(a.attachment()).orElseThrow());
        assertInstanceOf(Address.Bound.class, scenario.node.addresses().get(address));
        scenario.alone(removed(a)).drained();
        assertInstanceOf(Address.Cooling.class, scenario.node.addresses().get(address));
    }

    @Test
    void anAbandonedAddOfAnotherSandboxTakesNothingFromThePresentOne() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.when(scenario.add(pod("a", "s2")));

        scenario.alone(new JournalFact.Abandoned(pod("a", "s1"), "the deadline passed"))
                .drained();

        assertInstanceOf(
                Endpoint.Allocated.class,
                scenario.node.endpoint(pod("a", "s2").attachment()).orElseThrow());
    }

    @Test
    void whatWasBoundBeforeABootThatTheJournalTellsIsGone() {
        var scenario = Scenario.withIdleAndJournal(3);
        var address = scenario.firstIdle().orElseThrow();
        scenario.alone(bound(pod("before", "s1"), address)).alone(new JournalFact.Booted(new BootId("boot-2")));
        scenario.when(scenario.register(NODE, "boot-2", "run-2", JOURNAL));

        scenario.drained();

        assertTrue(scenario.node.endpoints().isEmpty());
        assertInstanceOf(
                Address.Cooling.class,
                scenario.node.addresses().get(address.addresses().getFirst()));
    }

    // What serves a request that waits.
}
