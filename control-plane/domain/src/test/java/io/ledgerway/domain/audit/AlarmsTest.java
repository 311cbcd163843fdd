package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.TestLog.ENI;
import static io.ledgerway.domain.audit.TestLog.attachment;
import static io.ledgerway.domain.audit.TestLog.ip;
import static io.ledgerway.domain.audit.TestLog.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.NodeEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What contradicts the log is told to somebody.
class AlarmsTest extends ToldHistory {

    @Test
    void anEntryThatContradictsTheLogIsAnAlarmAndPartOfThePodsStory() {
        var position = late(50, 200, kept("i-1"));

        assertEquals(
                List.of(position),
                log.journal.unexplained().stream().map(JournalEntry::position).toList());
        assertTrue(Story.ofPod(log.journal, attachment("web").pod()).told().stream()
                .anyMatch(told -> told.entry().position().equals(position)));
    }

    @Test
    void anEndpointThatTheLogCannotExplainIsAnAlarmAndPartOfTheAddressesStory() {
        var position = node(
                50,
                new NodeEvent.EndpointUnexplained(
                        pod("odd", "s1"), new Allocation.SharedEni(ENI, List.of(ip(8))), "it is bound to web"));

        assertEquals(1, log.journal.unexplained().size());
        assertTrue(Story.ofAddress(log.journal, ip(8)).told().stream()
                .anyMatch(told -> told.entry().position().equals(position)));
    }

    @Test
    void whatAnInstanceBeforeToldIsHistoryAndNoAlarm() {
        replaced();
        late(50, 200, kept("i-1"));

        assertEquals(List.of(), log.journal.unexplained());
        assertEquals("web", holders(ip(7), 130));
    }
}
