package io.ledgerway.domain.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

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
        return new NodeCommand.RegisterNode(
                scenario.header(),
                Scenario.NODE,
                Optional.of(new JournalMark(JOURNAL, sequence)),
                new BootId(boot),
                "run-of-" + boot,
                "v");
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
