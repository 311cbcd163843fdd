package io.ledgerway.node.controlplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.PassingTime;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.calls.TestLog;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.journal.JournalFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Rules 14 to 16: how often the log is looked for, and what it is told first. Pauses take no time here.
@Timeout(30)
class ReturningTest {

    private static final Position AT = new Position(1, 5, 1);
    private static final BootId BOOT = new BootId("boot");
    private static final JournalFact FACT = new JournalFact.Cooled(List.of());
    private static final Unanswered SILENT = new Unanswered(Unanswered.Kind.AWAY, "silent");
    private static final Rejection NOT_REGISTERED = new Rejection(Rejection.Reason.NODE_NOT_REGISTERED, "who are you");

    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final PassingTime time = new PassingTime() {
        @Override
        public long await(Lock lock, Condition condition, long atMost) {
            pauses.add(Duration.ofNanos(atMost));
            return super.await(lock, condition, atMost);
        }
    };
    private final MemoryFile file = new MemoryFile();
    private final Script log = new Script();
    private Journal journal;
    private Line line;
    private Returning returning;

    private void open(BootId boot) throws IOException {
        journal = Journal.open(file, TestLog.NODE, boot, time);
        journal.complete();
        line = new Line(journal, time);
        var addresses = new Addresses(time::nanoTime);
        var alone = new Alone(addresses, journal, line::journalChanged);
        returning = new Returning(log, line, journal, alone, boot, "1", Steps.NONE, time);
    }

    @AfterEach
    void close() {
        returning.close();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertFalse(Thread.currentThread().isInterrupted(), "it is never so");
            Thread.yield();
        }
    }

    @Test
    void pausesGrowToTheirLimitDifferALittleAndAreShortAgainAfterASuccess() throws Exception {
        open(BOOT);
        log.unheard.set(12);

        returning.start();
        line.awaitConnected();

        assertEquals(12, pauses.size());
        for (int i = 0; i < pauses.size(); i++) {
            long whole = Math.min(50L << i, 2_000);
            long pause = pauses.get(i).toMillis();
            assertTrue(pause <= whole && pause >= whole * 7 / 10, "pause " + i + ": " + pauses);
        }
        assertTrue(
                pauses.stream().anyMatch(pause -> pause.toMillis() % 50 != 0),
                "nodes do not all come back at once: " + pauses);

        await(() -> log.registrations.get() == 13);
        log.unheard.set(1);
        line.lost(SILENT);
        line.awaitConnected();
        assertTrue(pauses.getLast().toMillis() <= 50, pauses.toString());
    }

    @Test
    void logThatDoesNotTakeTheJournalOrDoesNotAnswerIsAwayUntilTheNextRegistrationIsHeard() throws Exception {
        open(BOOT);
        journal.append(FACT);
        log.drains.add(new ControlPlane.Rejected(AT, NOT_REGISTERED));
        log.drains.add(SILENT);

        returning.start();
        await(() -> journal.backlog() == 0);

        assertEquals(3, log.registrations.get(), "once, and after each of the two");
    }

    @Test
    void journalOfWhichTheLogHasTakenLessThanItWasToldIsToldAgainAfterAPause() throws Exception {
        open(BOOT);
        journal.append(FACT);
        journal.append(FACT);
        log.drains.add(new ControlPlane.Drained(AT, 1));

        returning.start();
        await(() -> journal.backlog() == 0);

        assertEquals(1, pauses.size(), "a log that takes nothing is not asked without end");
        assertEquals(List.of(List.of(1L, 2L), List.of(2L)), log.told);
    }

    @Test
    void callsHearAtOnceThatTheLogHasTheJournal() throws Exception {
        open(BOOT);
        journal.append(FACT);
        var isTold = new CountDownLatch(1);
        line.follow(() -> {
            if (line.isTold()) {
                isTold.countDown();
            }
        });

        returning.start();

        assertTrue(isTold.await(10, TimeUnit.SECONDS), "those that the last batch holds go on");
    }

    @Test
    void logIsAskedForNothingBeforeTheJournalSaysThatThisBootHasBegun() throws Exception {
        open(new BootId("boot before"));
        journal.append(FACT);
        open(BOOT);
        file.fail("No space left on device", 0, true);

        returning.start();
        await(() -> pauses.size() >= 3);
        assertEquals(0, log.registrations.get());
        file.recover();
        line.awaitConnected();

        assertInstanceOf(JournalFact.Booted.class, journal.entries().get(1).fact(), "before anything else");
    }

    @Test
    void diskThatCanBeWrittenAgainIsFoundThoughNobodyCalls() throws Exception {
        open(BOOT);
        file.fail("No space left on device", 0, true);
        assertThrows(JournalFailed.class, () -> journal.append(FACT));
        log.unheard.set(Integer.MAX_VALUE);

        returning.start();
        await(() -> pauses.size() >= 3);
        assertTrue(journal.isFailing());
        file.recover();

        await(() -> !journal.isFailing());
    }

    @Test
    void journalThatWasBegunAnewIsRegisteredThoughTheLogRefusesThatAtFirst() throws Exception {
        open(BOOT);
        returning.start();
        line.awaitConnected();
        log.failure = new Unanswered(Unanswered.Kind.REFUSED, "the certificate has expired");
        log.unheard.set(1);

        journal.hasLostEntries("the log has heard of more");
        line.journalChanged();

        await(() -> log.registrations.get() == 3 && line.isRegistered());
    }

    /// Answers as the test says, and otherwise that all is well; the other calls are not made here.
    private static final class Script extends UnaskedControlPlane {
        private final AtomicInteger unheard = new AtomicInteger();
        private volatile Unanswered failure = SILENT;
        private final AtomicInteger registrations = new AtomicInteger();
        /// [ControlPlane.DrainAnswer] or [Unanswered], in this order.
        private final List<Object> drains = new CopyOnWriteArrayList<>();
        /// The numbers of the entries of each batch.
        private final List<List<Long>> told = new CopyOnWriteArrayList<>();

        @Override
        public Acknowledgement register(Call call, BootId boot, String run, String version) throws Unanswered {
            registrations.incrementAndGet();
            if (unheard.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw failure;
            }
            return new Done(AT);
        }

        @Override
        public DrainAnswer drain(Call call, List<Journalled> entries) throws Unanswered {
            told.add(entries.stream().map(Journalled::sequence).toList());
            var next = drains.isEmpty() ? new Drained(AT, entries.getLast().sequence()) : drains.removeFirst();
            if (next instanceof Unanswered silence) {
                throw silence;
            }
            return (DrainAnswer) next;
        }
    }
}
