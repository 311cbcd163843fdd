package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.LossEvidence.Kind;
import io.ledgerway.domain.node.NodeEvent.JournalEntryKept;
import io.ledgerway.domain.node.NodeEvent.NodeLost;
import io.ledgerway.domain.node.NodeEvent.NodeRegistered;
import io.ledgerway.domain.node.NodeEvent.NodeReplaced;
import io.ledgerway.domain.node.NodeEvent.NodeRetired;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rules 1, 8 and 24: who has a node's name, and what becomes of what the one before held.
class LifeTest {

    private static final Incarnation NEXT = new Incarnation(NODE.cluster(), NODE.node(), new InstanceId("i-2"));
    private static final JournalId JOURNAL = new JournalId("j-1");

    private final Scenario scenario = Scenario.withIdle(3);

    private NodeCommand lost(InstanceId instance, Kind kind) {
        return new NodeCommand.DeclareNodeLost(
                scenario.header(), NODE.node(), Optional.of(instance), new LossEvidence(kind, "seen"));
    }

    private NodeCommand retire(InstanceId instance, boolean onlyLost) {
        return new NodeCommand.RetireNode(scenario.header(), NODE.node(), Optional.of(instance), onlyLost, "gone");
    }

    private NodeCommand register(Incarnation who) {
        return new NodeCommand.RegisterNode(scenario.header(), who, new BootId("boot-" + who.instance()), "run", "v");
    }

    private NodeCommand drain(Incarnation who, long sequence) {
        return new NodeCommand.DrainJournal(
                scenario.header(),
                who,
                JOURNAL,
                List.of(new Journalled(
                        sequence, scenario.now, new JournalFact.Abandoned(pod("late", "s-late"), "gave up"))));
    }

    private Reason reason() {
        return assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer)
                .rejection()
                .reason();
    }

    @Test
    void evidenceOfOneInstanceSaysNothingOfAnother() {
        scenario.when(lost(NEXT.instance(), Kind.INSTANCE_GONE));

        assertEquals(Reason.OTHER_INCARNATION, reason());
        assertTrue(scenario.node.isServing());
        scenario.when(retire(NEXT.instance(), false));
        assertEquals(Reason.OTHER_INCARNATION, reason());
        assertTrue(scenario.node.isServing());
    }

    @Test
    void thatAnInstanceIsGoneOutweighsThatItWasStopped() {
        scenario.when(lost(NODE.instance(), Kind.INSTANCE_STOPPED));
        scenario.when(lost(NODE.instance(), Kind.OPERATOR));
        assertTrue(scenario.appended.isEmpty(), "it is lost already");

        scenario.when(lost(NODE.instance(), Kind.INSTANCE_GONE));

        assertEquals(new Standing.Lost(new LossEvidence(Kind.INSTANCE_GONE, "seen")), scenario.node.standing());
        scenario.when(lost(NODE.instance(), Kind.INSTANCE_STOPPED));
        assertTrue(scenario.appended.isEmpty());
    }

    @Test
    void whoHasOnlySeenItLostRetiresNoNodeThatServes() {
        scenario.when(retire(NODE.instance(), true));

        assertEquals(Reason.NODE_IN_USE, reason());
        scenario.when(lost(NODE.instance(), Kind.INSTANCE_GONE));
        scenario.when(retire(NODE.instance(), true));
        assertInstanceOf(NodeRetired.class, scenario.appended.getFirst());
    }

    @Test
    void anotherInstanceIsRefusedWithWhatHappensNextUntilTheOldOneIsLost() {
        scenario.when(register(NEXT));

        assertEquals(Reason.OTHER_INCARNATION, reason());
        var message = ((NodeAnswer.Rejected) scenario.answer).rejection().message();
        assertTrue(
                message.contains("ECS is asked about i-1 now") && message.contains("the next registration"), message);

        scenario.when(lost(NODE.instance(), Kind.INSTANCE_STOPPED));
        scenario.when(register(NEXT));

        assertInstanceOf(NodeReplaced.class, scenario.appended.getFirst());
        assertEquals(0, scenario.node.idle(), "it inherits no address");
        assertEquals(3, scenario.node.count(Address.Stranded.class), "which stay where they are until ECS shows more");
        scenario.when(register(NODE));
        assertEquals(Reason.OTHER_INCARNATION, reason());
        assertTrue(((NodeAnswer.Rejected) scenario.answer).rejection().message().contains("does not get it back"));
        scenario.when(lost(NEXT.instance(), Kind.INSTANCE_GONE));
        scenario.when(register(NODE));
        assertEquals(Reason.OTHER_INCARNATION, reason(), "not even when the next one is lost in its turn");
    }

    @Test
    void theJournalOfAReplacedInstanceIsKeptAsHistory() {
        scenario.when(new NodeCommand.RegisterNode(
                scenario.header(), NODE, Optional.of(new JournalMark(JOURNAL, 0)), new BootId("boot-1"), "run-1", "v"));
        scenario.when(lost(NODE.instance(), Kind.INSTANCE_GONE));
        scenario.when(register(NEXT));
        var before = scenario.node;

        scenario.when(drain(NODE, 1));

        assertInstanceOf(JournalEntryKept.class, scenario.appended.getFirst());
        assertEquals(new NodeAnswer.Drained(1), scenario.answer);
        assertEquals(before.addresses(), scenario.node.addresses());
        assertEquals(before.endpoints(), scenario.node.endpoints());
        scenario.when(drain(NODE, 1));
        assertTrue(scenario.appended.isEmpty(), "once");
    }

    @Test
    void whatARetiredInstanceToldBeforeItsNameWasGivenAwayIsNotTakenAgain() {
        scenario.when(new NodeCommand.RegisterNode(
                scenario.header(), NODE, Optional.of(new JournalMark(JOURNAL, 0)), new BootId("boot-1"), "run-1", "v"));
        scenario.when(lost(NODE.instance(), Kind.INSTANCE_GONE));
        scenario.when(retire(NODE.instance(), true));
        scenario.when(drain(NODE, 1));
        assertEquals(new NodeAnswer.Drained(1), scenario.answer);
        scenario.when(register(NEXT));
        assertInstanceOf(NodeRegistered.class, scenario.appended.getFirst());

        scenario.when(drain(NODE, 1));

        assertTrue(scenario.appended.isEmpty(), scenario.appended::toString);
        assertEquals(new NodeAnswer.Drained(1), scenario.answer);
    }

    @Test
    void aRetiredNodesEnisAreDetachedFromItsInstanceAndDeleted() {
        var eni = scenario.node.enis().firstEntry().getKey();
        scenario.when(lost(NODE.instance(), Kind.INSTANCE_GONE));
        assertTrue(scenario.node.intents().isEmpty(), "loss alone frees nothing");
        assertEquals(3, scenario.node.idle());

        scenario.when(retire(NODE.instance(), true));

        var detach = (CloudIntent.DetachEni) scenario.onlyIntent();
        assertEquals(eni, detach.eni());
        assertEquals(NODE.instance(), detach.instance());
        scenario.when(scenario.outcome(detach.id(), new CloudOutcome.Detached()));
        assertInstanceOf(CloudIntent.DeleteEni.class, scenario.onlyIntent());
        scenario.cloudAnswers();
        assertTrue(scenario.node.enis().isEmpty() && scenario.node.addresses().isEmpty());
    }

    @Test
    void aLostNodeThatSpeaksIsBackWithEverythingItHad() {
        scenario.when(lost(NODE.instance(), Kind.OPERATOR));
        assertEquals(List.of(new NodeLost(new LossEvidence(Kind.OPERATOR, "seen"))), scenario.appended);

        scenario.when(register(NODE));

        assertTrue(scenario.node.isServing());
        assertEquals(3, scenario.node.idle());
    }
}
