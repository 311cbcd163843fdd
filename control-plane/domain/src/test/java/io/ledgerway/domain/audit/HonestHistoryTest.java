package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.TestLog.ENI;
import static io.ledgerway.domain.audit.TestLog.allocated;
import static io.ledgerway.domain.audit.TestLog.attachment;
import static io.ledgerway.domain.audit.TestLog.ip;
import static io.ledgerway.domain.audit.TestLog.removed;
import static io.ledgerway.domain.audit.TestLog.second;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.audit.Whereabouts.Doubt;
import io.ledgerway.domain.node.NodeEvent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rule 25: what is not known is called so.
class HonestHistoryTest extends ToldHistory {

    @Test
    void betweenTheLastWordAndALostJournalAnIdleAddressIsUnknownAndNeverFree() {
        diskLost();

        assertEquals("free", holders(ip(8), 19));
        for (int second : List.of(20, 21, 150, 299)) {
            assertEquals("unknown", holders(ip(8), second));
        }
        assertEquals("free", holders(ip(8), 301));
    }

    @Test
    void inThatTimeWhatWasBoundIsHeldAsFarAsKnown() {
        diskLost();

        assertEquals("web", holders(ip(7), 150));
        var lost = assertInstanceOf(Doubt.Lost.class, at(ip(7), 150).doubt().orElseThrow());
        assertEquals(second(20), lost.gap().from());
        assertEquals(Optional.of(second(300).plusMillis(3)), lost.gap().to());
        assertEquals(Gap.Cause.JOURNAL_LOST, lost.gap().cause());
        assertEquals(Optional.empty(), at(ip(7), 19).doubt());
    }

    @Test
    void whatARegistrationTellsBesidesIsNoWordOfWhatWasDoneBefore() {
        node(290, restarted());

        diskLost();

        assertEquals("unknown", holders(ip(8), 250));
    }

    @Test
    void whatIsLeftOfADamagedJournalMakesNothingBehindItKnown() {
        log.tell(0, FIRST, "drain", second(60), second(300), allocated("db", ip(8)));
        log.tell(0, FIRST, "drain", second(70), second(300), removed("db"));
        log.tell(0, FIRST, "drain", second(300), second(300), new NodeEvent.JournalDrained(JOURNAL, 2));
        assertEquals("free", holders(ip(8), 150));

        diskLost();

        assertEquals("db", holders(ip(8), 60));
        assertEquals("free", holders(ip(8), 40));
        assertEquals("unknown", holders(ip(8), 71));
        assertEquals("unknown", holders(ip(8), 299));
    }

    @Test
    void aHoleInAJournalIsATimeThatIsNotKnown() {
        log.tell(0, FIRST, "drain", second(100), second(400), new NodeEvent.JournalLost(JOURNAL, JOURNAL));
        log.tell(0, FIRST, "drain", second(100), second(400), allocated("db", ip(8)));
        log.tell(0, FIRST, "drain", second(400), second(400), new NodeEvent.JournalDrained(JOURNAL, 9));

        assertEquals("free", holders(ip(8), 19));
        assertEquals("unknown", holders(ip(8), 60));
        assertEquals("db", holders(ip(8), 100));
    }

    @Test
    void aClockThatIsAheadMakesNothingKnownThatWasNotTold() {
        late(3_600, 30, allocated("ahead", ip(8)));
        late(3_601, 31, removed("ahead"));

        diskLost();

        assertEquals("web", holders(ip(7), 150));
        assertInstanceOf(Doubt.Lost.class, at(ip(7), 150).doubt().orElseThrow());
    }

    // What is not told yet.

    @Test
    void behindANodesLastWordAnAnswerIsNotKnownToBeComplete() {
        owner(200, new NodeEvent.AddressesCooled(List.of()));

        assertEquals(Optional.empty(), at(ip(8), 20).doubt());
        assertEquals("free", holders(ip(8), 21));
        assertEquals(
                Optional.of(new Doubt.NotToldYet(new NodeName("n0"), second(20))),
                at(ip(8), 21).doubt());
        assertEquals("web", holders(ip(7), 150));
        assertInstanceOf(Doubt.NotToldYet.class, at(ip(7), 150).doubt().orElseThrow());
    }

    @Test
    void whatIsToldAfterwardsMakesTheAnswerComplete() {
        log.tell(0, FIRST, "drain", second(60), second(200), allocated("db", ip(8)));
        log.tell(0, FIRST, "drain", second(200), second(200), new NodeEvent.JournalDrained(JOURNAL, 1));

        assertEquals("free", holders(ip(8), 59));
        assertEquals("db", holders(ip(8), 60));
        assertEquals(Optional.empty(), at(ip(8), 150).doubt());
        var told = log.journal.holdingsOf(ip(8)).getFirst();
        assertEquals(second(60), told.from());
        assertEquals(second(200), told.told());
        assertTrue(Clocks.isLate(told.from(), told.told()));
    }

    // When a holding ends.

    @Test
    void whatAnInstanceDidBeforeItWasReplacedIsUnknownUntilItsEniIsOff() {
        replaced();
        owner(140, new NodeEvent.EniDetached(new IntentId("d1"), ENI));

        assertEquals("free", holders(ip(8), 19));
        for (int second : List.of(21, 99, 101, 139)) {
            assertEquals("unknown", holders(ip(8), second));
        }
        assertEquals("free", holders(ip(8), 140));
        assertEquals(Optional.empty(), at(ip(8), 140).doubt());
        assertEquals("free", holders(ip(9), 119));
    }

    // Out of the order of time.

    @Test
    void aClockThatWasSetBackIsSaidSoAndNobodyIsLeftOut() {
        node(3_000, removed("web"));
        node(1_000, allocated("next", ip(7)));

        assertEquals("web+next", holders(ip(7), 2_000));
        assertEquals(Optional.of(new Doubt.ClockSetBack()), at(ip(7), 2_000).doubt());
    }

    // What needs a look.

    @Test
    void aFoldThatStopsAnywhereAndGoesOnFindsTheSame() {
        var whole = new Holdings(log.unfinished());

        assertEquals(log.unfinished(), whole.unfinished());
        replaced();
        assertEquals(log.unfinished(), new Holdings(log.unfinished()).unfinished());
    }

    @Test
    void aFoldThatGoesOnStillTellsTheInstancesApart() {
        replaced();
        log.stopAndGoOn();

        log.told(
                0,
                SECOND,
                second(130),
                second(130),
                new NodeEvent.EndpointRemoved(attachment("web"), new SandboxId("s9"), second(130)));

        assertEquals(
                List.of(ip(7)),
                log.unfinished().open().stream().map(Holding::address).toList());
    }
}
