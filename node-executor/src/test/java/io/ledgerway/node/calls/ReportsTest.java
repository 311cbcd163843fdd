package io.ledgerway.node.calls;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.PassingTime;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.controlplane.UnaskedControlPlane;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.journal.JournalFailed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the log hears of an endpoint after the call was answered: each once, in order, with the time it
/// happened. Pauses take no time here.
@Timeout(30)
class ReportsTest {

    private static final Position AT = new Position(1, 5, 1);
    private static final ControlPlane.Done DONE = new ControlPlane.Done(AT);
    private static final Unanswered SILENT = new Unanswered(Unanswered.Kind.AWAY, "silent");
    private static final AttachmentId POD = Rig.pod("a", "s1").attachment();
    private static final SandboxId SANDBOX = new SandboxId("s1");

    /// What the log makes of one report.
    private interface Reply {
        ControlPlane.Acknowledgement to(String report) throws Unanswered, JournalFailed, InterruptedException;
    }

    private final List<Thread> workers = new CopyOnWriteArrayList<>();
    private final PassingTime time = new PassingTime() {
        @Override
        public Thread thread(String name, Runnable work) {
            var thread = super.thread(name, work);
            workers.add(thread);
            return thread;
        }
    };
    private final Replies log = new Replies();
    private Journal journal;
    private Line line;
    private Reports reports;

    private final class Replies extends UnaskedControlPlane {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final List<Call> calls = new CopyOnWriteArrayList<>();
        private volatile Reply reply = report -> DONE;

        @Override
        public Acknowledgement reportReady(Call call, AttachmentId pod, SandboxId sandbox, String link)
                throws Unanswered {
            return hear(call, "ready");
        }

        @Override
        public Acknowledgement reportRemoved(Call call, AttachmentId pod, SandboxId sandbox) throws Unanswered {
            return hear(call, "removed");
        }

        private Acknowledgement hear(Call call, String report) throws Unanswered {
            heard.add(report);
            calls.add(call);
            try {
                return reply.to(report);
            } catch (JournalFailed | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @BeforeEach
    void open() throws IOException {
        journal = Journal.open(new MemoryFile(), TestLog.NODE, new BootId("boot"), time);
        line = new Line(journal, time);
        var alone = new Alone(new Addresses(time::nanoTime), journal, line::journalChanged);
        reports = new Reports(log, line, alone, Steps.NONE, time);
    }

    @AfterEach
    void close() {
        reports.close();
    }

    private void isThere() throws IOException {
        journal.complete();
        log.isFoundBy(line);
    }

    private void isGone() {
        reports.expectRemoval(POD, SANDBOX);
        reports.gone(Specs.key(POD), SANDBOX.value());
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertFalse(Thread.currentThread().isInterrupted(), "it is never so");
            Thread.yield();
        }
    }

    private void awaitTold() {
        await(() -> reports.backlog() == 0);
    }

    @Test
    void reportNamesTheTimeOfWhatItTells() throws Exception {
        isThere();

        reports.ready(POD, SANDBOX, "lw1");
        awaitTold();

        assertEquals(Instant.EPOCH, log.calls.getFirst().at());
        assertTrue(time.now().isAfter(Instant.EPOCH), "it has waited for others");
    }

    @Test
    void reportThatComesLateIsSentAgainBehindWhatTheLogHasHeardMeanwhile() throws Exception {
        isThere();
        log.reply = report -> {
            log.reply = again -> DONE;
            journal.append(new JournalFact.Cooled(List.of()));
            journal.drained(1);
            return new ControlPlane.Rejected(AT, new Rejection(Rejection.Reason.LATE_COMMAND, "late"));
        };

        isGone();
        awaitTold();

        assertEquals(
                List.of(0L, 1L),
                log.calls.stream().map(call -> call.mark().sequence()).toList());
    }

    @Test
    void secondReportOfAnAttachmentWaitsForTheFirst() throws Exception {
        isThere();
        var isAsked = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        log.reply = report -> {
            isAsked.countDown();
            goesOn.await();
            return DONE;
        };
        reports.ready(POD, SANDBOX, "lw1");
        isAsked.await();

        isGone();
        await(() -> workers.size() == 2);
        workers.getLast().join();
        assertEquals(List.of("ready"), log.heard, "the one on its way is not overtaken");
        assertFalse(reports.awaitRemovalHeard(POD, Duration.ofSeconds(1)), "and the next ADD waits for both");
        goesOn.countDown();
        awaitTold();

        assertEquals(List.of("ready", "removed"), log.heard);
        assertTrue(reports.awaitRemovalHeard(POD, Duration.ofSeconds(1)));
    }

    @Test
    void reportThatALaterOneReplacesIsNotRepeated() throws Exception {
        isThere();
        log.reply = report -> {
            if (report.equals("removed")) {
                return DONE;
            }
            isGone();
            throw new Unanswered(Unanswered.Kind.REFUSED, "who are you");
        };

        reports.ready(POD, SANDBOX, "lw1");
        awaitTold();

        assertEquals(List.of("ready", "removed"), log.heard);
    }

    @Test
    void reportThatIsRefusedIsRepeatedAndNotToldByTheJournal() throws Exception {
        isThere();
        log.reply = report -> {
            log.reply = again -> DONE;
            throw new Unanswered(Unanswered.Kind.REFUSED, "who are you");
        };

        isGone();
        awaitTold();

        assertEquals(List.of("removed", "removed"), log.heard);
        assertEquals(List.of(), journal.entries());
    }

    @Test
    void endThatNobodyWaitsForIsNotReported() throws Exception {
        isThere();

        reports.gone(Specs.key(POD), SANDBOX.value());
        reports.expectRemoval(POD, new SandboxId("s2"));
        reports.gone(Specs.key(POD), SANDBOX.value());
        awaitTold();

        assertEquals(List.of(), log.heard);
    }

    /// Also where the log is back at once.
    @Test
    void reportWithoutAnAnswerIsToldByTheJournalAndNotToTheLogAgain() throws Exception {
        isThere();
        line.follow(() -> {
            if (!line.isConnected()) {
                assertDoesNotThrow(() -> journal.append(new JournalFact.Cooled(List.of())));
                journal.drained(1);
                log.isFoundBy(line);
            }
        });
        log.reply = report -> {
            throw SILENT;
        };

        isGone();
        awaitTold();

        assertEquals(List.of("removed"), log.heard);
        assertInstanceOf(JournalFact.Removed.class, journal.entries().getLast().fact());
    }

    @Test
    void nodeThatKnowsNotAllOfItselfTellsNothingByTheJournal() throws Exception {
        log.isFoundBy(line);
        log.reply = report -> {
            log.reply = again -> DONE;
            throw SILENT;
        };

        isGone();
        await(() -> !line.isConnected());
        journal.append(new JournalFact.Cooled(List.of()));
        journal.drained(1);
        log.isFoundBy(line);
        awaitTold();

        assertEquals(List.of("removed", "removed"), log.heard);
        assertEquals(1, journal.entries().size(), "only the test has written");
    }
}
