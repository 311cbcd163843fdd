package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.TestLog.ENI;
import static io.ledgerway.domain.audit.TestLog.allocated;
import static io.ledgerway.domain.audit.TestLog.assigned;
import static io.ledgerway.domain.audit.TestLog.attachment;
import static io.ledgerway.domain.audit.TestLog.ip;
import static io.ledgerway.domain.audit.TestLog.pod;
import static io.ledgerway.domain.audit.TestLog.removed;
import static io.ledgerway.domain.audit.TestLog.second;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.audit.Whereabouts.Doubt;
import io.ledgerway.domain.audit.Whereabouts.Verdict;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rules 25 and 26: what is not known is called so, and a holding ends when the endpoint is known to be gone.
class HonestHistoryTest {

    private static final String FIRST = "node/n0@i-1";
    private static final String SECOND = "node/n0@i-2";
    private static final String OWNER = "control-plane";
    private static final EniId NEXT_ENI = new EniId("eni-2");
    private static final JournalId JOURNAL = new JournalId("journal-1");

    private final TestLog log = new TestLog();

    /// Two addresses; one is a pod's from second 10 on. The node's last word is at second 20.
    @BeforeEach
    void aNodeWithAPod() {
        node(0, new NodeEvent.NodeRegistered(instance("i-1"), new BootId("boot-1")));
        node(0, new NodeEvent.JournalStarted(JOURNAL));
        owner(5, assigned("i1", ip(7), ip(8)));
        node(10, allocated("web", ip(7)));
        node(20, new NodeEvent.EndpointReady(attachment("web"), new SandboxId("s1"), "lw1"));
    }

    private static Incarnation instance(String id) {
        return new Incarnation(new ClusterId("c1"), new NodeName("n0"), new InstanceId(id));
    }

    private Position node(int second, NodeEvent event) {
        return late(second, second, event);
    }

    private Position late(int happened, int told, NodeEvent event) {
        return log.told(0, FIRST, second(happened), second(told).plusMillis(3), event);
    }

    private Position owner(int second, NodeEvent event) {
        return log.told(0, OWNER, second(second), second(second).plusMillis(3), event);
    }

    private Whereabouts at(IpAddress address, int second) {
        var coverage =
                new Coverage(List.of(new Coverage.Part(0, 1_000, Optional.of(second(100_000)), Optional.of(0L))));
        return Whereabouts.of(log.journal, coverage, address, second(second));
    }

    private String holders(IpAddress address, int second) {
        return switch (at(address, second).verdict()) {
            case Verdict.Held held ->
                held.holdings().stream().map(Holding::podName).collect(Collectors.joining("+"));
            case Verdict.Free free -> "free";
            case Verdict.Unknown unknown -> "unknown";
        };
    }

    /// At second 300 the node comes back with an empty disk.
    private void diskLost() {
        log.tell(0, FIRST, "register", second(300), second(300).plusMillis(3), restarted());
        log.tell(
                0,
                FIRST,
                "register",
                second(300),
                second(300).plusMillis(3),
                new NodeEvent.JournalLost(JOURNAL, new JournalId("journal-2")));
    }

    private static NodeEvent restarted() {
        return new NodeEvent.ExecutorRestarted("run-2", "0.1");
    }

    // What is lost.

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

    /// From second 100 on i-2 has the name; its ENI comes at 110, and the same static pod at 120.
    private void replaced() {
        log.told(
                0,
                SECOND,
                second(100),
                second(100).plusMillis(3),
                new NodeEvent.NodeReplaced(instance("i-1"), instance("i-2"), new BootId("boot-9")));
        owner(110, new NodeEvent.AddressesAssigned(new IntentId("i2"), NEXT_ENI, List.of(ip(9))));
        log.told(
                0,
                SECOND,
                second(120),
                second(120).plusMillis(3),
                new NodeEvent.IpAllocated(pod("web", "s9"), new Allocation.SharedEni(NEXT_ENI, List.of(ip(9)))));
    }

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

    @Test
    void aClockThatWasSetBackIsSaidSoAndNobodyIsLeftOut() {
        node(3_000, removed("web"));
        node(1_000, allocated("next", ip(7)));

        assertEquals("web+next", holders(ip(7), 2_000));
        assertEquals(Optional.of(new Doubt.ClockSetBack()), at(ip(7), 2_000).doubt());
    }

    // What needs a look.

    private static NodeEvent kept(String instance) {
        return new NodeEvent.JournalEntryKept(
                instance(instance),
                JOURNAL,
                new Journalled(4, second(50), new JournalFact.Released(attachment("web"), new SandboxId("s1"))),
                "the log has no such endpoint");
    }

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
