package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rule 1: the executor of an instance whose name another one has by now comes back, with its own disk, journal and
/// certificate, on a machine whose pods have never stopped.
class ReplacedNodeTest extends OneNode {

    private static final JournalId JOURNAL_OF_NEXT = new JournalId("journal-of-next");

    private Map<?, ?> links;

    /// A pod of the log's and one of the node's own; then the process is gone, and another instance has the name and a
    /// pod.
    private Node replaced() throws Exception {
        addKnown(pod("a", "s1"));
        logIsAway();
        rig.add(pod("b", "s2"));
        rig.await("ready is journalled", () -> rig.journal.backlog() == 2);
        rig.close();
        links = rig.kernel.links();
        log.submit(new NodeCommand.DeclareNodeLost(
                header("operator"),
                TestLog.NODE.node(),
                new LossEvidence(LossEvidence.Kind.INSTANCE_GONE, "the test says so")));
        log.submit(new NodeCommand.RegisterNode(
                header("node/next"),
                NEXT,
                Optional.of(new JournalMark(JOURNAL_OF_NEXT, 0)),
                new BootId("boot-of-next"),
                "run-of-next",
                "1"));
        log.configure(3, 2, 4, COOL_DOWN);
        var added = log.submit(new NodeCommand.AllocateIp(
                header("node/next"), NEXT, pod("c", "s3").request(), anyIdle()));
        assertInstanceOf(NodeAnswer.Granted.class, added.answer());
        return log.node();
    }

    private Optional<Allocation> anyIdle() {
        return log.node().addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle)
                .map(entry -> (Allocation)
                        new Allocation.SharedEni(entry.getValue().eni(), List.<IpAddress>of(entry.getKey())))
                .findFirst();
    }

    private void comesBack() throws InterruptedException {
        fault.set(Fault.NONE);
        restart();
        rig.await("refused", () -> rig.agent.whyNoAdd().orElse("").contains("OTHER_INCARNATION"));
        rig.await("told", () -> rig.journal.backlog() == 0);
    }

    private interface Work {
        void run() throws Exception;
    }

    private void assertNotAccepted(Work call) {
        assertEquals(
                Reason.NODE_NOT_ACCEPTED,
                assertThrows(CallFailed.class, call::run).reason());
    }

    @Test
    void itsJournalIsKeptAsHistoryAndNothingOfTheNextOneIsTouched() throws Exception {
        var next = replaced();
        int before = log.events().size();

        comesBack();

        assertTrue(
                log.events().stream()
                        .skip(before)
                        .allMatch(event -> event instanceof NodeEvent.JournalEntryKept
                                || event instanceof NodeEvent.JournalDrained),
                () -> log.events().stream().skip(before).toList().toString());
        assertEquals(1, log.keptBinds().size());
        assertEquals(Optional.of(NEXT), log.node().incarnation());
        assertEquals(next.addresses(), log.node().addresses());
        assertEquals(next.endpoints(), log.node().endpoints());
        assertEquals(next.enis(), log.node().enis());
        assertEquals(next.journal(), log.node().journal());
        assertEquals(next.executorRun(), log.node().executorRun());
    }

    @Test
    void itBindsNothingMoreAndItsPodsGoOn() throws Exception {
        replaced();
        comesBack();
        int events = log.events().size();

        assertNotAccepted(() -> rig.add(pod("new", "s9")));
        assertNotAccepted(() -> rig.add(pod("b", "s2")));
        assertNotAccepted(() -> rig.calls.delete(pod("a", "s1")));
        rig.calls.finishReleases();

        assertEquals(links, rig.kernel.links());
        assertEquals(0, rig.journal.backlog());
        assertEquals(events, log.events().size());
    }

    @Test
    void itBindsNothingMoreAlsoWhenTheLogGoesAwayAgain() throws Exception {
        replaced();
        comesBack();

        fault.set(Fault.LOST);

        assertNotAccepted(() -> rig.add(pod("new", "s9"), Duration.ofMillis(500)));
        assertEquals(links, rig.kernel.links());
    }

    @Test
    void whatItHasToldIsNotKeptTwiceHoweverOftenItStarts() throws Exception {
        replaced();
        comesBack();
        var binds = log.keptBinds();

        comesBack();

        assertEquals(binds, log.keptBinds());
        assertEquals(links, rig.kernel.links());
    }
}
