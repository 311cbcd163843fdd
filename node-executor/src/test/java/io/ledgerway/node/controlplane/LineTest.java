package io.ledgerway.node.controlplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.PassingTime;
import io.ledgerway.node.journal.Journal;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Rules 14 to 16 and 20: when the log is asked, and when the node goes on alone.
@Timeout(30)
class LineTest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String RUN = "run-1";
    private static final Unanswered SILENT = new Unanswered(Unanswered.Kind.AWAY, "silent");
    private static final JournalFact FACT = new JournalFact.Cooled(List.of());

    private final PassingTime time = new PassingTime();
    private final MemoryFile file = new MemoryFile();
    private Journal journal;
    private Line line;

    @BeforeEach
    void open() throws IOException {
        journal = Journal.open(
                file,
                new Incarnation(new ClusterId("c"), new NodeName("n"), new InstanceId("i")),
                new BootId("boot"),
                time);
        line = new Line(journal, time);
    }

    private void isThere() throws IOException {
        journal.complete();
        line.found(RUN);
    }

    private void write(int entries) throws Exception {
        for (int i = 0; i < entries; i++) {
            journal.append(FACT);
        }
        line.journalChanged();
    }

    private void drained() {
        journal.drained(journal.mark().sequence());
        line.journalChanged();
    }

    @Test
    void logThatHasTheWholeJournalIsAskedWithItsEnd() throws Exception {
        isThere();
        write(3);
        drained();

        assertEquals(new Line.Ask(journal.mark(), RUN), line.way(true, LONG));
    }

    @Test
    void logThatLacksAnEntryIsNotAsked() throws Exception {
        isThere();
        write(1);

        assertInstanceOf(Line.GoAlone.class, line.way(true, Duration.ZERO));
        assertInstanceOf(Line.GoAlone.class, line.way(false, Duration.ZERO));
    }

    @Test
    void callsWaitForTheLastBatch() throws Exception {
        isThere();
        write(Line.LARGEST_BATCH);

        time.meanwhile(this::drained);
        var way = line.way(true, LONG);

        assertEquals(new Line.Ask(journal.mark(), RUN), way, "the log is asked as soon as it has the last batch");
        assertEquals(Duration.ZERO, time.passed());
    }

    @Test
    void callsWaitForTheLastBatchNoLongerThanForOneRoundTrip() throws Exception {
        isThere();
        write(1);

        var way = line.way(true, LONG);

        assertInstanceOf(Line.GoAlone.class, way);
        assertEquals(Line.LONGEST_HOLD, time.passed());
    }

    @Test
    void callsDoNotWaitForMoreThanTheLastBatch() throws Exception {
        isThere();
        write(Line.LARGEST_BATCH + 1);

        var way = line.way(true, LONG);

        assertInstanceOf(Line.GoAlone.class, way);
        assertEquals(Duration.ZERO, time.passed(), "a drain of many batches holds nobody");
    }

    @Test
    void callsOfAStartingExecutorWaitForItsFirstAttemptAndNoLonger() throws Exception {
        journal.complete();
        time.meanwhile(() -> line.found(RUN));
        assertEquals(new Line.Ask(journal.mark(), RUN), line.way(true, LONG));
        assertEquals(Duration.ZERO, time.passed());

        var another = new Line(journal, time);
        assertInstanceOf(Line.GoAlone.class, another.way(true, LONG));
        assertEquals(Line.LONGEST_START, time.passed());
    }

    @Test
    void oneCallWithoutAnAnswerIsEnoughUntilARegistrationIsHeard() throws Exception {
        isThere();

        line.unanswered(journal.mark(), SILENT);

        assertInstanceOf(Line.GoAlone.class, line.way(true, LONG));
        assertEquals(Duration.ZERO, time.passed(), "no pod waits for a log that is away");
        write(1);
        drained();
        assertInstanceOf(Line.GoAlone.class, line.way(true, LONG), "nobody has answered yet");
        line.found(RUN);
        assertEquals(new Line.Ask(journal.mark(), RUN), line.way(true, LONG));
    }

    @Test
    void logIsNotAskedBeforeTheJournalHasMovedOnBehindACommandWithoutAnAnswer() throws Exception {
        isThere();
        line.unanswered(journal.mark(), SILENT);
        line.found(RUN);

        assertInstanceOf(Line.GoAlone.class, line.way(true, Duration.ZERO));
        write(1);
        assertInstanceOf(Line.GoAlone.class, line.way(true, Duration.ZERO), "the log has not heard of it");
        drained();

        assertEquals(new Line.Ask(journal.mark(), RUN), line.way(true, LONG));
    }

    @Test
    void refusalIsNoOutageAndLeavesNothingThatMayComeLate() throws Exception {
        isThere();

        line.unanswered(journal.mark(), new Unanswered(Unanswered.Kind.REFUSED, "who are you"));

        assertEquals(new Line.Ask(journal.mark(), RUN), line.way(true, LONG));
    }

    /// Told of the loss, the log lets rest what it takes for idle until then.
    @Test
    void noAddressIsAskedForBeforeTheLogHasHeardThatEntriesAreLost() throws Exception {
        isThere();
        write(1);
        var bytes = file.read().orElseThrow();
        file.set(Arrays.copyOf(bytes, bytes.length - 1));
        open();
        line.found(RUN);

        assertInstanceOf(Line.GoAlone.class, line.way(true, Duration.ZERO));
        assertInstanceOf(Line.Ask.class, line.way(false, Duration.ZERO));
    }

    @Test
    void noAddressIsAskedForBeforeLogAndKernelWereCompared() throws Exception {
        line.found(RUN);

        assertInstanceOf(Line.Wait.class, line.way(true, Duration.ZERO));
        assertInstanceOf(Line.Ask.class, line.way(false, Duration.ZERO), "the comparison itself goes this way");
        line.unanswered(journal.mark(), SILENT);
        assertInstanceOf(Line.Wait.class, line.way(true, Duration.ZERO), "and nothing is done alone");
    }

    @Test
    void startThatFailsOrWhoseJournalIsIncompleteIsNoReasonToWaitForLongOrToGoAlone() throws Exception {
        var incomplete = new Line(journal, time);
        assertInstanceOf(Line.Wait.class, incomplete.way(true, LONG), "what the node has is not known yet");
        assertEquals(LONG, time.passed(), "and whoever can wait does");

        journal.complete();
        var failed = new Line(journal, time);
        failed.lost(SILENT);
        assertInstanceOf(Line.GoAlone.class, failed.way(true, LONG));
        assertEquals(LONG, time.passed(), "the first attempt has failed, so nobody waits for it");
    }

    @Test
    void answerThatCommandsComeLateMeansALossOnlyIfTheJournalHasNoMoreToTell() throws Exception {
        isThere();
        write(1);
        drained();
        var way = assertInstanceOf(Line.Ask.class, line.way(true, LONG));
        var rejection = new Rejection(Rejection.Reason.LATE_COMMAND, "the log has heard of entry 2");

        write(1);
        line.wasLate(way, rejection);
        assertFalse(journal.isLossy(), "the log was told of entry 2 meanwhile");

        drained();
        line.wasLate(assertInstanceOf(Line.Ask.class, line.way(true, LONG)), rejection);
        assertTrue(journal.isLossy(), "the log knows of entries that are not here");
    }

    /// What is asked under its name before that comes late, and would count as another loss.
    @Test
    void logIsNotAskedUnderAJournalThatItHasNotRegistered() throws Exception {
        isThere();
        journal.hasLostEntries("its end was cut off");
        journal.beginAnew();

        assertFalse(line.isRegistered());
        assertInstanceOf(Line.Wait.class, line.way(false, LONG));
        assertEquals(Line.LONGEST_HOLD, time.passed());
        line.found(RUN);
        assertEquals(new Line.Ask(journal.mark(), RUN), line.way(false, LONG));
    }

    @Test
    void whoCanDoNothingAloneWaitsForALogThatMayBeAsked() throws Exception {
        isThere();
        line.unanswered(journal.mark(), SILENT);
        line.found(RUN);
        assertFalse(line.awaitLog(LONG, () -> false), "a command may come late, and the journal does not say so");
        assertEquals(LONG, time.passed());

        write(1);
        time.meanwhile(this::drained);
        assertTrue(line.awaitLog(LONG, () -> false));
        assertEquals(LONG, time.passed(), "it ends as soon as the log has the journal");
    }

    @Test
    void whoWaitsForTheLogEndsWhenNobodyWantsItOrTheLogTakesNothingOfTheNode() throws Exception {
        isThere();
        line.lost(SILENT);

        assertFalse(line.awaitLog(LONG, () -> true));
        line.refused(new Rejection(Rejection.Reason.NODE_RETIRED, "retired"));
        assertFalse(line.awaitLog(LONG, () -> false));

        assertEquals(Duration.ZERO, time.passed());
        assertFalse(line.mayGoAlone());
        assertInstanceOf(Line.Stop.class, line.way(false, LONG));
    }

    @Test
    void troubleSaysWhatIsWrongNow() throws Exception {
        isThere();
        assertEquals(Optional.empty(), line.trouble());
        line.lost(SILENT);
        assertTrue(line.trouble().orElse("").contains("silent"), line.trouble().toString());

        line.lost(new Unanswered(Unanswered.Kind.REFUSED, "the certificate has expired"));

        assertTrue(
                line.trouble().orElse("").contains("the certificate has expired"),
                line.trouble().toString());
    }

    /// Both may come late, and only the first of them is told from the next one already.
    @Test
    void callFromBeforeAnEntryThatHadNoAnswerHidesNoneFromBehindIt() throws Exception {
        isThere();
        var before = journal.mark();
        write(1);

        line.unanswered(journal.mark(), SILENT);
        line.unanswered(before, SILENT);

        assertTrue(line.owesEntry());
    }
}
