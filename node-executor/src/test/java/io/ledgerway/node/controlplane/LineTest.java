package io.ledgerway.node.controlplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.time.Machine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Rules 14 to 16 and 20: when the log is asked, and when the node goes on alone.
@Timeout(30)
class LineTest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final JournalFact FACT = new JournalFact.Cooled(List.of());

    private Journal journal;
    private Line line;

    @BeforeEach
    void open() throws IOException {
        journal = Journal.open(
                new MemoryFile(),
                new Incarnation(new ClusterId("c"), new NodeName("n"), new InstanceId("i")),
                new BootId("boot"),
                new Machine());
        line = new Line(journal, new Machine());
    }

    private void isThere() throws IOException {
        journal.complete();
        line.found();
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

    private CompletableFuture<Line.Way> wayLater() {
        var way = new CompletableFuture<Line.Way>();
        Thread.ofVirtual().start(() -> {
            try {
                way.complete(line.way(true, LONG));
            } catch (InterruptedException e) {
                way.completeExceptionally(e);
            }
        });
        return way;
    }

    @Test
    void logThatHasTheWholeJournalIsAskedWithItsEnd() throws Exception {
        isThere();
        write(3);
        drained();

        assertEquals(new Line.Ask(journal.mark()), line.way(true, LONG));
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

        var way = wayLater();
        drained();

        assertEquals(new Line.Ask(journal.mark()), way.get());
    }

    @Test
    void callsWaitForTheLastBatchNoLongerThanForOneRoundTrip() throws Exception {
        isThere();
        write(1);

        long begun = System.nanoTime();
        var way = line.way(true, LONG);

        assertInstanceOf(Line.GoAlone.class, way);
        long took = System.nanoTime() - begun;
        assertTrue(took >= Line.LONGEST_HOLD.toNanos() && took < LONG.toNanos(), took + " ns");
    }

    @Test
    void callsDoNotWaitForMoreThanTheLastBatch() throws Exception {
        isThere();
        write(Line.LARGEST_BATCH + 1);

        long begun = System.nanoTime();
        var way = line.way(true, LONG);

        assertInstanceOf(Line.GoAlone.class, way);
        assertTrue(System.nanoTime() - begun < Line.LONGEST_HOLD.toNanos());
    }

    @Test
    void oneCallWithoutAnAnswerIsEnoughUntilARegistrationIsHeard() throws Exception {
        isThere();

        line.unanswered(journal.mark(), new Unanswered(Unanswered.Kind.AWAY, "silent"));

        assertInstanceOf(Line.GoAlone.class, line.way(true, LONG));
        write(1);
        drained();
        assertInstanceOf(Line.GoAlone.class, line.way(true, LONG), "nobody has answered yet");
        line.found();
        assertEquals(new Line.Ask(journal.mark()), line.way(true, LONG));
    }

    @Test
    void logIsNotAskedBeforeTheJournalHasMovedOnBehindACommandWithoutAnAnswer() throws Exception {
        isThere();
        line.unanswered(journal.mark(), new Unanswered(Unanswered.Kind.AWAY, "silent"));
        line.found();

        assertInstanceOf(Line.GoAlone.class, line.way(true, Duration.ZERO));
        write(1);
        assertInstanceOf(Line.GoAlone.class, line.way(true, Duration.ZERO), "the log has not heard of it");
        drained();

        assertEquals(new Line.Ask(journal.mark()), line.way(true, LONG));
    }

    @Test
    void refusalIsNoOutageAndLeavesNothingThatMayComeLate() throws Exception {
        isThere();

        line.unanswered(journal.mark(), new Unanswered(Unanswered.Kind.REFUSED, "who are you"));

        assertEquals(new Line.Ask(journal.mark()), line.way(true, LONG));
    }

    @Test
    void noAddressIsAskedForBeforeLogAndKernelWereCompared() throws Exception {
        line.found();

        assertInstanceOf(Line.Wait.class, line.way(true, Duration.ZERO));
        assertInstanceOf(Line.Ask.class, line.way(false, Duration.ZERO), "the comparison itself goes this way");
        line.unanswered(journal.mark(), new Unanswered(Unanswered.Kind.AWAY, "silent"));
        assertInstanceOf(Line.Wait.class, line.way(true, Duration.ZERO), "and nothing is done alone");
    }
}
