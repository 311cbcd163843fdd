package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.TestLog.ENI;
import static io.ledgerway.domain.audit.TestLog.allocated;
import static io.ledgerway.domain.audit.TestLog.attachment;
import static io.ledgerway.domain.audit.TestLog.ip;
import static io.ledgerway.domain.audit.TestLog.pod;
import static io.ledgerway.domain.audit.TestLog.removed;
import static io.ledgerway.domain.audit.TestLog.second;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.NodeEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rule 26: a holding ends when the endpoint is known to be gone.
class HoldingEndsTest extends ToldHistory {

    @Test
    void aDelEndsNoHolding() {
        node(30, new NodeEvent.IpReleased(attachment("web"), new SandboxId("s1")));

        assertEquals("web", holders(ip(7), 100));
        node(120, removed("web"));
        assertEquals("web", holders(ip(7), 119));
        assertEquals("free", holders(ip(7), 120));
    }

    @Test
    void theLossOfANodeEndsNoHolding() {
        owner(
                30,
                new NodeEvent.NodeLost(new io.ledgerway.domain.node.LossEvidence(
                        io.ledgerway.domain.node.LossEvidence.Kind.INSTANCE_GONE, "not there")));

        assertEquals("web", holders(ip(7), 100));
    }

    @Test
    void whatIsAdoptedBeginsWhenItIsFound() {
        diskLost();
        node(
                310,
                new NodeEvent.EndpointAdopted(
                        pod("found", "s1"), new Allocation.SharedEni(ENI, List.of(ip(8))), "lw2"));

        assertEquals("unknown", holders(ip(8), 299));
        assertEquals("found", holders(ip(8), 310));
    }

    // One name, two instances.

    @Test
    void theEndOfAStaticPodOnTheNewInstanceDoesNotEndTheOneOnTheInstanceBefore() {
        replaced();
        log.told(
                0,
                SECOND,
                second(130),
                second(130).plusMillis(3),
                new NodeEvent.EndpointRemoved(attachment("web"), new SandboxId("s9"), second(130)));

        assertEquals("web", holders(ip(7), 140));
        assertEquals("free", holders(ip(9), 140));
    }

    @Test
    void theDetachmentOfAnEniOfTheInstanceBeforeEndsOnlyWhatWasHeldThere() {
        replaced();
        owner(140, new NodeEvent.EniDetached(new IntentId("d1"), ENI));

        assertEquals("web", holders(ip(7), 139));
        assertEquals("free", holders(ip(7), 140));
        assertEquals("web", holders(ip(9), 140));
        var ended = log.journal.holdingsOf(ip(7)).getFirst().end().orElseThrow();
        assertEquals(End.Reason.ENI_DETACHED, ended.reason());
    }

    @Test
    void aBootOfTheNewInstanceEndsNothingOfTheInstanceBefore() {
        replaced();
        log.told(0, SECOND, second(130), second(130), new NodeEvent.NodeBooted(new BootId("boot-10"), second(160)));

        assertEquals("web", holders(ip(7), 140));
        assertEquals("free", holders(ip(9), 140));
    }

    @Test
    void theDeletionOfAnEniEndsWhateverWasHeldThere() {
        owner(50, new NodeEvent.EniDeleted(new IntentId("d2"), ENI));

        assertEquals("web", holders(ip(7), 49));
        assertEquals(
                End.Reason.ENI_DELETED,
                log.journal.holdingsOf(ip(7)).getFirst().end().orElseThrow().reason());
    }

    @Test
    void aBindThatIsToldLateIsNoConflictWithWhatWasEndedBeforeItInTheLog() {
        node(100, removed("web"));
        log.tell(0, FIRST, "drain", second(60), second(200), allocated("db", ip(8)));
        log.tell(0, FIRST, "drain", second(110), second(200), allocated("next", ip(7)));

        assertEquals(List.of(), log.journal.conflicts());
        assertEquals(List.of(), log.conflictsFoundWhileFolding());
        assertEquals("web", holders(ip(7), 99));
        assertEquals("next", holders(ip(7), 110));
    }

    @Test
    void twoThatOverlapInTheLogAreAConflictWhateverTheirTimesSay() {
        late(5, 200, allocated("db", ip(7)));
        late(6, 201, removed("db"));

        assertEquals(1, log.journal.conflicts().size());
        assertEquals(log.journal.conflicts(), log.conflictsFoundWhileFolding());
    }

    @Test
    void whatTheNodeBoundNextInANewBootShowsThatTheOneBeforeWasGone() {
        node(300, new NodeEvent.NodeBooted(new BootId("boot-2"), second(330)));
        assertEquals("web", holders(ip(7), 250));

        log.tell(0, FIRST, "drain", second(200), second(310), allocated("next", ip(7)));
        log.tell(0, FIRST, "drain", second(220), second(310), removed("next"));

        assertEquals("web", holders(ip(7), 199));
        assertEquals("next", holders(ip(7), 200));
        assertEquals("free", holders(ip(7), 250));
        assertEquals(List.of(), log.journal.conflicts());
    }

    @Test
    void anAllocationThatTheNodeHadReplacedBeforeTheLogMadeItWasNeverHeld() {
        owner(100, allocated("late", ip(8)));
        late(
                60,
                200,
                new NodeEvent.AllocationRevoked(pod("late", "s1"), new Allocation.SharedEni(ENI, List.of(ip(8)))));
        late(60, 200, allocated("here", ip(8)));

        assertEquals("here", holders(ip(8), 99));
        assertEquals("here", holders(ip(8), 150));
        assertEquals(List.of(), log.journal.conflicts());
    }
}
