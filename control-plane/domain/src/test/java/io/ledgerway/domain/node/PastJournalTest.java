package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.JOURNAL;
import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.OTHER_JOURNAL;
import static io.ledgerway.domain.node.Scenario.bound;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.node.NodeEvent.JournalDrained;
import io.ledgerway.domain.node.NodeEvent.JournalEntryKept;
import io.ledgerway.domain.node.NodeEvent.JournalLost;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rule 1: the journal of somebody who does not speak for the node any more is history.
class PastJournalTest {

    @Test
    void aJournalThatIsOverIsNotHeard() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.alone(bound(pod("a", "s1"), scenario.firstIdle().orElseThrow()));
        scenario.when(scenario.register(NODE, "boot-1", "run-2", OTHER_JOURNAL));
        assertTrue(scenario.appended.contains(new JournalLost(JOURNAL, OTHER_JOURNAL)));

        scenario.drained();

        assertEquals(
                Reason.LATE_COMMAND,
                assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer)
                        .rejection()
                        .reason());
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void aJournalOfAnInstanceBeforeIsKeptAsHistoryOnlyAndOnce() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.alone(bound(pod("a", "s1"), scenario.firstIdle().orElseThrow()));
        scenario.lost().when(scenario.register(NodeLifeTest.SECOND, "boot-9", "run-9", OTHER_JOURNAL));
        var before = scenario.node;

        scenario.drained();

        var kept = assertInstanceOf(JournalEntryKept.class, scenario.appended.getFirst());
        assertEquals(NODE, kept.incarnation());
        assertEquals(new JournalDrained(JOURNAL, 1), scenario.appended.get(1));
        assertEquals(before.addresses(), scenario.node.addresses());
        assertEquals(before.endpoints(), scenario.node.endpoints());
        assertEquals(before.journal(), scenario.node.journal());
        Instant told = scenario.valid.getFirst().from();
        assertEquals(scenario.journal.getFirst().at(), told);
        scenario.drained();
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void aJournalOfARetiredInstanceIsKeptAsHistoryOnlyAndOnceAlsoUnderTheNextName() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.alone(new JournalFact.Abandoned(pod("a", "s1"), "no address"));
        scenario.lost().when(new NodeCommand.RetireNode(scenario.header(), NODE.node(), "the rack goes"));

        scenario.drained();

        assertEquals(List.of("JournalEntryKept", "JournalDrained"), scenario.appendedTypes());
        scenario.when(scenario.register(NodeLifeTest.SECOND, "boot-9", "run-9", OTHER_JOURNAL));
        scenario.drained();
        assertEquals(List.of(), scenario.appended);
    }
}
