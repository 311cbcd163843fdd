package io.ledgerway.node.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.time.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written down is there, in order, and goes when nobody needs it any more.
class JournalTest extends OneJournal {

    @Test
    void whatWasAppendedIsThereAfterTheMachineHasLostPower() throws Exception {
        var before = with(3);
        file.losePower();

        var after = open();

        assertEquals(before.entries(), after.entries());
        assertEquals(before.id(), after.id());
        assertEquals(3, after.backlog());
        assertEquals(4, after.append(fact(4)).sequence());
    }

    @Test
    void whatWasNumberedAndNotWrittenIsNotThere() throws Exception {
        var before = with(1);
        before.begin(fact(2));
        assertEquals(1, before.mark().sequence(), "no command may name what may yet fail");

        file.losePower();

        assertEquals(1, open().entries().size());
    }

    @Test
    void thoseThatAreNumberedDuringASyncShareTheNextOne() throws Exception {
        var journal = new Journal[1];
        var slow = new MemoryFile() {
            @Override
            public void sync() throws IOException {
                super.sync();
                while (journal[0].backlog() < 20) {
                    Thread.onSpinWait();
                }
            }
        };
        journal[0] = Journal.open(slow, OWNER, BOOT, new Machine());
        var all = new ArrayList<CompletableFuture<Long>>();
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (int i = 1; i <= 20; i++) {
                var fact = fact(i);
                all.add(CompletableFuture.supplyAsync(() -> appended(journal[0], fact), threads));
            }
        }

        assertEquals(20, all.stream().map(CompletableFuture::join).distinct().count());
        assertTrue(slow.syncs() <= 2, slow.syncs() + " syncs");
        assertEquals(
                20, Journal.open(slow, OWNER, BOOT, new Machine()).entries().size());
    }

    private static long appended(Journal journal, JournalFact fact) {
        try {
            return journal.append(fact).sequence();
        } catch (JournalFailed e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void fullDiskFailsTheEntryAndLeavesNothingOfIt() throws Exception {
        var journal = with(2);
        var before = bytes();
        file.fail("No space left on device", 5, false);

        var failure = assertThrows(JournalFailed.class, () -> journal.append(fact(3)));

        assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
        assertArrayEquals(before, bytes());
        assertTrue(journal.isFailing());
        file.recover();
        assertEquals(3, journal.append(fact(4)).sequence(), "the number is given again");
        assertFalse(journal.isFailing());
        assertEquals(List.of(fact(1), fact(2), fact(4)), facts(open()));
    }

    @Test
    void halfWrittenEntryThatCouldNotBeCutOffIsCutOffBeforeTheNextOne() throws Exception {
        var journal = with(2);
        file.fail("Read-only file system", 5, true);
        assertThrows(JournalFailed.class, () -> journal.append(fact(3)));
        assertThrows(JournalFailed.class, () -> journal.append(fact(4)));

        file.recover();

        journal.append(fact(5));
        assertEquals(List.of(fact(1), fact(2), fact(5)), facts(open()));
    }

    @Test
    void halfWrittenEntryThatCouldNotBeCutOffIsCutOffBeforeTheNextNote() throws Exception {
        var journal = with(2);
        file.fail("Read-only file system", 5, true);
        assertThrows(JournalFailed.class, () -> journal.append(fact(3)));

        file.recover();

        journal.noteAsked(List.of(new IpAddress("10.0.0.2")));
        var after = open();
        assertEquals(List.of(new Journal.Asked(new IpAddress("10.0.0.2"), 2)), after.asked());
        assertEquals(List.of(fact(1), fact(2)), facts(after));
    }

    @Test
    void thoseBehindAFailedEntryFailWithIt() throws Exception {
        var journal = with(0);
        var first = journal.begin(fact(1));
        var second = journal.begin(fact(2));
        file.fail("Input/output error", 0, false);

        assertThrows(JournalFailed.class, () -> journal.await(second));
        file.recover();
        assertThrows(JournalFailed.class, () -> journal.await(first));
        assertEquals(1, journal.append(fact(3)).sequence());
        assertEquals(List.of(fact(3)), facts(open()));
    }

    @Test
    void waitingEntriesAreThoseThatTheLogHasNotHeard() throws Exception {
        var journal = with(5);

        journal.drained(2);
        // An answer that was overtaken.
        journal.drained(1);

        assertEquals(
                List.of(3L, 4L),
                journal.waiting(2).stream().map(Journalled::sequence).toList());
        assertEquals(3, journal.backlog());
        assertEquals(5, journal.mark().sequence());
    }

    @Test
    void droppedEntriesLeaveNumberAndName() throws Exception {
        var journal = with(5);
        journal.drained(5);
        long before = bytes().length;

        journal.saved(journal.takesState(), 5);

        assertTrue(bytes().length < before);
        assertEquals(6, journal.append(fact(6)).sequence());
        var after = open();
        assertEquals(journal.id(), after.id());
        assertEquals(
                List.of(6L), after.entries().stream().map(Journalled::sequence).toList());
        assertTrue(after.isComplete());
    }

    @Test
    void whoDecidesDoesNotWaitForTheFileThatIsWrittenAnew() throws Exception {
        var journal = new Journal[1];
        var numbered = new CompletableFuture<Long>();
        var slow = new MemoryFile() {
            @Override
            public synchronized void replace(byte[] bytes) throws IOException {
                if (journal[0] != null && !numbered.isDone()) {
                    Thread.ofVirtual().start(() -> {
                        try {
                            numbered.complete(journal[0].begin(fact(2)).entry().sequence());
                        } catch (JournalFailed e) {
                            numbered.completeExceptionally(e);
                        }
                    });
                    numbered.orTimeout(10, TimeUnit.SECONDS).join();
                }
                super.replace(bytes);
            }
        };
        journal[0] = Journal.open(slow, OWNER, BOOT, new Machine());
        journal[0].append(fact(1));

        journal[0].complete();

        assertEquals(2, numbered.join());
        assertEquals(3, journal[0].append(fact(3)).sequence());
        assertEquals(List.of(fact(1), fact(2), fact(3)), facts(Journal.open(slow, OWNER, BOOT, new Machine())));
    }

    @Test
    void nothingIsDroppedThatTheLogHasNotHeard() throws Exception {
        var journal = with(5);
        journal.drained(3);

        journal.saved(journal.takesState(), 5);

        assertEquals(5, open().entries().size());
    }

    @Test
    void nothingIsDroppedThatTheSavedStateDoesNotShow() throws Exception {
        var journal = with(3);
        journal.drained(3);

        journal.saved(journal.takesState(), 1);

        var left = facts(open());
        assertTrue(left.containsAll(List.of(fact(2), fact(3))), left.toString());
    }

    @Test
    void logThatHasHeardMoreThanThereIsIsOwedNothing() throws Exception {
        var journal = with(3);

        journal.drained(5);

        assertEquals(0, journal.backlog());
        assertTrue(journal.isLossy());
        assertTrue(open().isLossy(), "the next run knows it too");
    }

    @Test
    void journalHasALimit() throws Exception {
        var journal = with(0);
        for (int i = 0; i < Journal.MOST_ENTRIES; i++) {
            journal.begin(fact(1));
        }

        var failure = assertThrows(JournalFailed.class, () -> journal.begin(fact(1)));

        assertTrue(failure.getMessage().contains("is full"), failure.getMessage());
    }

    @Test
    void manyDroppedEntriesShrinkTheFileWhileOthersWait() throws Exception {
        var journal = with(0);
        for (int i = 1; i <= 2_000; i++) {
            journal.begin(fact(i));
        }
        journal.append(fact(2_001));
        journal.drained(1_990);

        journal.saved(journal.takesState(), 1_990);

        assertTrue(bytes().length < Journal.WORTH_DROPPING, bytes().length + " bytes");
        assertEquals(11, open().backlog());
        assertEquals(1_991, journal.waiting(1).getFirst().sequence());
    }

    @Test
    void anotherBootIsSaidBeforeAnythingElse() throws Exception {
        with(2);
        var next = new BootId("boot-2");

        var journal = open(OWNER, next);

        assertTrue(journal.isOfAnotherBoot());
        journal.append(fact(3));
        assertEquals(List.of(fact(1), fact(2), new JournalFact.Booted(next), fact(3)), facts(journal));
        assertFalse(open(OWNER, next).isOfAnotherBoot());
        journal.drained(4);
        journal.saved(journal.takesState(), 4);
        assertFalse(open(OWNER, next).isOfAnotherBoot());
        assertTrue(open(OWNER, BOOT).isOfAnotherBoot());
    }

    @Test
    void diskFileKeepsWhatItWasGiven(@TempDir Path folder) throws Exception {
        var path = folder.resolve("data").resolve("journal");
        try (var disk = new DiskFile(path)) {
            var journal = Journal.open(disk, OWNER, BOOT, new Machine());
            journal.complete();
            journal.append(fact(1));
            journal.append(fact(2));
            var full = Files.readAllBytes(path);
            Files.write(path, Arrays.copyOf(full, full.length - 1));
        }
        try (var disk = new DiskFile(path)) {
            var journal = Journal.open(disk, OWNER, BOOT, new Machine());
            assertEquals(List.of(fact(1)), facts(journal));
            journal.append(fact(3));
            assertTrue(disk.moveAside("test").endsWith("journal.test"));
            assertThrows(
                    JournalFailed.class, () -> journal.append(fact(4)), "a file that has vanished is not made again");
        }
        assertTrue(Files.exists(path.resolveSibling("journal.test")));
    }
}
