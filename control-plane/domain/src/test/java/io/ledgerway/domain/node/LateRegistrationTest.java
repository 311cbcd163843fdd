package io.ledgerway.domain.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Rejection.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rules 2 and 15: a registration of the boot before that comes late must not end what this boot has.
class LateRegistrationTest {

    private static final JournalId JOURNAL = new JournalId("j-1");

    private final Scenario scenario = new Scenario();

    private NodeCommand register(String boot, long sequence) {
        return register(boot, JOURNAL, sequence);
    }

    private NodeCommand register(String boot, JournalId journal, long sequence) {
        return new NodeCommand.RegisterNode(
                scenario.header(),
                Scenario.NODE,
                Optional.of(new JournalMark(journal, sequence)),
                new BootId(boot),
                "run-of-" + boot,
                "v");
    }

    /// The disk is lost and the next journal is known; a message from before that is not the next loss.
    @Test
    void aRegistrationThatNamesAnOlderJournalComesLateAndLosesNothing() {
        scenario.when(register("boot-1", 0));
        for (int next = 2; next <= Node.MOST_PAST_JOURNALS + 1; next++) {
            scenario.when(register("boot-1", new JournalId("j-" + next), 0));
            assertTrue(scenario.appendedTypes().contains("JournalLost"));
        }
        var present = scenario.node.journal();

        for (int past = 1; past <= Node.MOST_PAST_JOURNALS; past++) {
            scenario.when(register("boot-1", new JournalId("j-" + past), 3));

            var rejected = assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer);
            assertEquals(Reason.LATE_COMMAND, rejected.rejection().reason());
            assertEquals(List.of(), scenario.appended);
            assertEquals(present, scenario.node.journal());
        }
    }

    @Test
    void thePastJournalsOfAnInstanceAreNotThoseOfTheNextOne() {
        scenario.when(register("boot-1", 0));
        scenario.when(register("boot-1", new JournalId("j-2"), 0));
        scenario.lost().when(scenario.register(NodeLifeTest.SECOND, "boot-9", "run-9", JOURNAL));

        assertEquals(Optional.of(new JournalMark(JOURNAL, 0)), scenario.node.journal());
        assertEquals(List.of(), scenario.node.pastJournals());
    }

    @Test
    void aRegistrationOfTheBootBeforeThatComesLateIsRefused() {
        scenario.when(register("boot-1", 0));
        scenario.when(register("boot-2", 1));
        scenario.when(new NodeCommand.DrainJournal(
                scenario.header(),
                Scenario.NODE,
                JOURNAL,
                List.of(new Journalled(1, scenario.now, new JournalFact.Booted(new BootId("boot-2"))))));

        scenario.when(register("boot-1", 0));

        var rejected = assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer);
        assertEquals(Reason.LATE_COMMAND, rejected.rejection().reason());
        assertEquals(Optional.of(new BootId("boot-2")), scenario.node.boot());
    }
}
