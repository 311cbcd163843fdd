package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rule 11: what the log may have decided about an ADD that had no answer, and the node cannot know.
class UnknownOutcomeTest extends OneNode {

    private static final Duration LONGER_THAN_ANY_CALL = Duration.ofMinutes(3);

    private void assertFails(PodCall call) {
        var failure = assertThrows(CallFailed.class, () -> rig.add(call));
        assertEquals(Reason.TRY_AGAIN, failure.reason());
    }

    /// A pod in its first sandbox, which the log has moved to a second one by an ADD that failed: the answer is lost,
    /// and the journal has no room.
    private void movedWithoutAnAnswer() throws Exception {
        addKnown(pod("a", "s1"));
        rig.disk.journal().fail("No space left on device", 7, false);
        fault.set(Fault.ANSWER_LOST_UNSEEN);
        assertFails(pod("a", "s2"));
        assertEquals(new SandboxId("s2"), inLog(pod("a", "s2")).request().sandbox());
        fault.set(Fault.LOST);
        rig.disk.journal().recover();
    }

    @Test
    void delOfTheSandboxThatAnAddWithoutAnAnswerNamedIsToldToTheLog() throws Exception {
        movedWithoutAnAnswer();

        rig.calls.delete(pod("a", "s2"));

        var told = new JournalFact.Released(pod("a", "s2").attachment(), new SandboxId("s2"));
        assertTrue(
                rig.journal.entries().stream().anyMatch(entry -> entry.fact().equals(told)),
                () -> "the log may have the pod in sandbox s2, and its DEL was answered: " + facts());
        logIsBack();
        rig.calls.delete(pod("a", "s1"));
        rig.await("gone", () -> inLog(pod("a", "s1")) == null && rig.reports.backlog() == 0);
        assertTrue(rig.kernel.links().isEmpty());
        assertEquals(List.of(), log.keptBinds());
    }

    /// Rule 15: what comes late is refused only if the journal has moved on, also where it tells nothing new.
    @Test
    void delWithoutAnAnswerMovesTheJournalOnThoughThePodIsBeingReleasedAlready() throws Exception {
        addKnown(pod("a", "s1"));
        rig.kernel.holdDeletions();
        rig.calls.delete(pod("a", "s1"));
        var before = rig.journal.mark();
        fault.set(Fault.CALL_LOST);

        rig.calls.delete(pod("a", "s1"));

        assertNotEquals(before, rig.journal.mark());
        rig.kernel.letDeletionsGo();
        logIsBack();
        rig.await("gone", () -> inLog(pod("a", "s1")) == null);
        assertEquals(List.of(), log.kept());
    }

    @Test
    void addOfTheSandboxThatAnAddWithoutAnAnswerNamedKeepsTheAddress() throws Exception {
        movedWithoutAnAnswer();
        var before = rig.kernel.links().values().iterator().next().allocation();

        var again = rig.add(pod("a", "s2"));

        assertEquals(before.addresses(), again.addresses());
        logIsBack();
        // That it is ready is written when the ADD has been answered.
        rig.await("ready", () -> inLog(pod("a", "s2")) instanceof Endpoint.Ready);
        assertEquals(1, rig.kernel.links().size());
    }

    /// The time is over when it is known that no answer comes, so nothing is bound alone.
    @Test
    void whatTheLogGaveToAnAddThatRanOutOfTimeMeanwhileIsToldToBeUnwanted() throws Exception {
        beforeEachAnswer = () -> machine.letPass(LONGER_THAN_ANY_CALL);
        fault.set(Fault.ANSWER_LOST_UNSEEN);

        assertFails(pod("a", "s1"));

        beforeEachAnswer = () -> {};
        assertInstanceOf(Endpoint.Allocated.class, inLog(pod("a", "s1")));
        assertTrue(facts().contains(JournalFact.Abandoned.class), facts().toString());
        logIsBack();
        rig.await("given back", () -> !(inLog(pod("a", "s1")) instanceof Endpoint.Allocated));
        assertTrue(rig.kernel.links().isEmpty());
    }

    @Test
    void candidateOfAnAddThatNobodyRepeatsIsAnothersOnceNoCallCanStillArrive() throws Exception {
        log.openCloud(false);
        fault.set(Fault.REFUSED);
        assertFails(pod("a", "s1"));
        fault.set(Fault.NONE);
        assertEquals(1, rig.addresses.doubtful(), "the log may have given pod a its candidate");

        int others = rig.addresses.free();
        var given = new HashSet<>();
        for (int i = 0; i < others; i++) {
            given.add(ip(rig.add(pod("b-" + i, "s-" + i))));
        }
        assertEquals(0, rig.addresses.free());
        machine.letPass(LONGER_THAN_ANY_CALL);
        var last = rig.add(pod("c", "s3"));

        assertEquals(others, given.size());
        assertTrue(given.stream().noneMatch(ip(last)::equals), () -> ip(last) + " is one of " + given);
        assertNotEquals(0, others);
    }
}
