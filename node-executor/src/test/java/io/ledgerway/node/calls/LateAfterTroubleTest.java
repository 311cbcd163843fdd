package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rules 15 and 24: what comes late is told from what is sent now, also where a disk was full, a node was taken for
/// lost, or a disk came back from an older day.
class LateAfterTroubleTest extends OneNode {

    private static final String FULL = "No space left on device";

    /// An ADD that had no answer, and of which the journal says nothing, because there is no room.
    private NodeCommand.AllocateIp addWithoutAnswerOnAFullDisk() {
        rig.disk.journal().fail(FULL, 7, false);
        fault.set(Fault.CALL_LOST);
        var failure = assertThrows(CallFailed.class, () -> rig.add(pod("a", "s1")));
        assertEquals(Reason.TRY_AGAIN, failure.reason());
        return controlPlane.late(NodeCommand.AllocateIp.class).getLast();
    }

    private void assertLate(NodeCommand command) {
        var events = log.events();
        var rejected =
                assertInstanceOf(NodeAnswer.Rejected.class, log.submit(command).answer());
        assertEquals(Rejection.Reason.LATE_COMMAND, rejected.rejection().reason());
        assertEquals(events, log.events());
    }

    private void assertNothingIsAsked() {
        var failure = assertThrows(CallFailed.class, () -> rig.add(pod("b", "s2"), Duration.ofSeconds(1)));
        assertEquals(Reason.TRY_AGAIN, failure.reason());
        assertTrue(failure.getMessage().contains(FULL), failure.getMessage());
        assertTrue(rig.agent.whyNoAdd().isPresent());
        assertTrue(log.node().endpoints().isEmpty());
    }

    @Test
    void addWithoutAnAnswerOnAFullDiskIsRefusedWhenItComesLate() throws Exception {
        var late = addWithoutAnswerOnAFullDisk();
        fault.set(Fault.NONE);
        rig.await("registered", rig.line::isConnected);

        assertNothingIsAsked();
        rig.disk.journal().recover();
        rig.await("written", () -> rig.agent.whyNoAdd().isEmpty() && rig.journal.backlog() == 0);

        addKnown(pod("b", "s2"));
        assertLate(late);
        assertEquals(1, log.node().endpoints().size());
    }

    @Test
    void delWithoutAnAnswerOnAFullDiskIsRefusedWhenItComesLate() throws Exception {
        addKnown(pod("a", "s1"));
        rig.disk.journal().fail(FULL, 0, true);
        fault.set(Fault.CALL_LOST);
        assertThrows(CallFailed.class, () -> rig.calls.delete(pod("a", "s1")));
        var late = controlPlane.late(NodeCommand.ReleaseIp.class).getLast();
        assertEquals(1, rig.kernel.links().size(), "nothing is half done");

        rig.disk.journal().recover();
        logIsBack();

        assertLate(late);
        assertInstanceOf(Endpoint.Ready.class, inLog(pod("a", "s1")));
    }

    @Test
    void aFullDiskHoldsNothingUpWhereEveryCommandHadItsAnswer() throws Exception {
        rig.disk.journal().fail(FULL, 7, false);
        logIsAway();
        assertThrows(CallFailed.class, () -> rig.add(pod("a", "s1")));

        logIsBack();

        addKnown(pod("a", "s1"));
        rig.calls.delete(pod("a", "s1"));
        rig.await("gone", () -> inLog(pod("a", "s1")) == null);
    }

    /// Rule 11, also where the journal could not take it.
    @Test
    void candidateOfACommandWithoutAnAnswerStaysItsPodsThoughTheDiskWasFull() throws Exception {
        var asked = addWithoutAnswerOnAFullDisk();
        assertThrows(CallFailed.class, () -> rig.add(pod("a", "s1")), "again");
        rig.disk.journal().recover();
        logIsAway();

        var other = rig.add(pod("b", "s2"));
        var same = rig.add(pod("a", "s1"));

        var candidate = asked.candidate().orElseThrow().addresses().getFirst();
        assertNotEquals(candidate, ip(other));
        assertEquals(candidate, ip(same));
    }

    /// The next run cannot write that it begins.
    private void startsOnAFullDisk() throws InterruptedException {
        fault.set(Fault.NONE);
        restart();
        rig.await("registered", rig.line::isConnected);
        awaitSeen();
        assertTrue(rig.journal.isFailing(), "nothing is written");
    }

    @Test
    void addOfARunThatHasEndedIsRefusedWhenItComesLateThoughTheDiskWasFullAllTheTime() throws Exception {
        var late = addWithoutAnswerOnAFullDisk();
        startsOnAFullDisk();

        addKnown(pod("b", "s2"));
        assertOfAnotherRun(late);

        rig.calls.delete(pod("b", "s2"));
        rig.await("gone", () -> inLog(pod("b", "s2")) == null);
        assertTrue(log.node().endpoints().isEmpty(), "nothing of the ADD whose run has ended");
    }

    @Test
    void delOfARunThatHasEndedIsRefusedWhenItComesLateThoughTheDiskWasFullAllTheTime() throws Exception {
        addKnown(pod("a", "s1"));
        rig.disk.journal().fail(FULL, 0, true);
        fault.set(Fault.CALL_LOST);
        assertThrows(CallFailed.class, () -> rig.calls.delete(pod("a", "s1")));
        var late = controlPlane.late(NodeCommand.ReleaseIp.class).getLast();
        startsOnAFullDisk();

        assertOfAnotherRun(late);

        assertInstanceOf(Endpoint.Ready.class, inLog(pod("a", "s1")));
        assertEquals(1, rig.kernel.links().size());
    }

    private void assertOfAnotherRun(NodeCommand command) {
        var events = log.events();
        var rejected =
                assertInstanceOf(NodeAnswer.Rejected.class, log.submit(command).answer());
        assertEquals(Rejection.Reason.NODE_NOT_REGISTERED, rejected.rejection().reason());
        assertEquals(events, log.events());
    }

    @Test
    void runThatALateRegistrationHasReplacedRegistersAgainAndGoesOn() throws Exception {
        addWithoutAnswerOnAFullDisk();
        rig.await(
                "probed",
                () -> !controlPlane.late(NodeCommand.RegisterNode.class).isEmpty());
        var late = controlPlane.late(NodeCommand.RegisterNode.class).getLast();
        startsOnAFullDisk();
        addKnown(pod("b", "s2"));
        log.submit(late);

        rig.await("added", () -> isAdded(pod("c", "s3")));

        rig.await("ready", () -> inLog(pod("c", "s3")) instanceof Endpoint.Ready);
        assertFalse(log.events().stream().anyMatch(NodeEvent.JournalLost.class::isInstance), "nothing is lost");
    }

    /// As a runtime does it, which repeats an ADD with error 11.
    private boolean isAdded(PodCall call) {
        try {
            return rig.add(call) != null;
        } catch (CallFailed repeated) {
            assertEquals(Reason.TRY_AGAIN, repeated.reason());
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The log cannot know that journal for one that is over, because it has never heard of it.
    @Test
    void journalThatALateRegistrationHasReplacedIsBegunAnewAndNoPodLosesItsAddress() throws Exception {
        var first = addKnown(pod("a", "s1"));
        var before = rig.journal.id();
        log.submit(new NodeCommand.RegisterNode(
                header("node/test"),
                TestLog.NODE,
                Optional.of(new JournalMark(new JournalId("never-heard"), 0)),
                rig.disk.boot(),
                "run-never-heard",
                "test"));

        rig.await("added", () -> isAdded(pod("b", "s2")));

        assertNotEquals(before, rig.journal.id());
        rig.await("ready", () -> inLog(pod("b", "s2")) instanceof Endpoint.Ready);
        assertEquals(ip(first), ip(rig.add(pod("a", "s1"))));
        assertEquals(2, rig.kernel.links().size());
        assertEquals(List.of(), log.kept());
    }

    private void declareLost() {
        log.submit(new NodeCommand.DeclareNodeLost(
                header("operator"),
                TestLog.NODE.node(),
                new LossEvidence(LossEvidence.Kind.OPERATOR, "the test says so")));
    }

    @Test
    void nodeThatIsTakenForLostReturnsAsAnotherRunAndNoPodWaitsForIt() throws Exception {
        addKnown(pod("a", "s1"));
        declareLost();

        var result = rig.add(pod("b", "s2"));
        rig.calls.delete(pod("a", "s1"));

        logIsBack();
        rig.await("all told", () -> inLog(pod("b", "s2")) instanceof Endpoint.Ready && inLog(pod("a", "s1")) == null);
        assertTrue(log.node().isServing());
        assertEquals(
                List.of(ip(result)),
                Endpoint.allocation(inLog(pod("b", "s2"))).orElseThrow().addresses());
        assertTrue(log.events().stream().anyMatch(NodeEvent.NodeReturned.class::isInstance));
        assertFalse(log.events().stream().anyMatch(NodeEvent.ExecutorRestarted.class::isInstance), "it has not");
        assertEquals(List.of(), log.kept());
    }

    @Test
    void whatALostNodeHadSentBeforeIsNoReturn() throws Exception {
        fault.set(Fault.CALL_LOST);
        rig.add(pod("a", "s1"));
        rig.await(
                "probed",
                () -> !controlPlane.late(NodeCommand.RegisterNode.class).isEmpty());
        rig.close();
        declareLost();

        for (var command : List.of(
                controlPlane.late(NodeCommand.AllocateIp.class).getLast(),
                controlPlane.late(NodeCommand.RegisterNode.class).getLast())) {
            assertInstanceOf(NodeAnswer.Rejected.class, log.submit(command).answer());
        }

        assertFalse(log.node().isServing());
        log.submit(new NodeCommand.RegisterNode(
                header("node/next"), NEXT, new io.ledgerway.domain.Ids.BootId("other"), "run", "1"));
        assertEquals(Optional.of(NEXT), log.node().incarnation());
    }

    /// @param journal the file as it was on an older day
    private void startsOnOlderDisk(byte[] journal) {
        rig.close();
        rig.disk.journal().set(journal);
        rig = open(rig.disk, Optional.of(rig.kernel));
        rig.connect();
    }

    private byte[] journal() {
        return rig.disk.journal().read().orElseThrow();
    }

    @Test
    void olderCopyOfTheJournalIsToldAsALossAndTheNodeGoesOnWithANewOne() throws Exception {
        var old = journal();
        logIsAway();
        var first = rig.add(pod("a", "s1"));
        rig.await("ready is journalled", () -> rig.journal.backlog() == 2);
        logIsBack();
        var before = rig.journal.id();

        startsOnOlderDisk(old);

        rig.await("compared", () -> rig.journal.isComplete() && rig.journal.backlog() == 0);
        assertNotEquals(before, rig.journal.id());
        assertTrue(log.events().contains(new NodeEvent.JournalLost(before, rig.journal.id())));
        assertEquals(ip(first), ip(rig.add(pod("a", "s1"))));
    }

    @Test
    void journalThatWasGivenUpForLostAndIsBackIsSetAside() throws Exception {
        logIsAway();
        var unheard = rig.add(pod("a", "s1"));
        rig.await("ready is journalled", () -> rig.journal.backlog() == 2);
        var old = journal();
        rig.close();
        rig.disk.journal().lose();
        fault.set(Fault.NONE);
        restart();
        rig.await("adopted", () -> rig.journal.isComplete() && inLog(pod("a", "s1")) instanceof Endpoint.Ready);
        var second = rig.journal.id();

        startsOnOlderDisk(old);

        rig.await("compared", () -> rig.journal.isComplete() && rig.journal.backlog() == 0);
        assertEquals(
                2,
                log.events().stream()
                        .filter(NodeEvent.JournalLost.class::isInstance)
                        .count());
        assertTrue(log.events().contains(new NodeEvent.JournalLost(second, rig.journal.id())));
        assertTrue(rig.disk.journal().aside().containsKey("not-taken"));
        assertEquals(ip(unheard), ip(rig.add(pod("a", "s1"))));
        assertEquals(List.of(), log.kept());
    }
}
