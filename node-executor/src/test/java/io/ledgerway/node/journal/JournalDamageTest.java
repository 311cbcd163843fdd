package io.ledgerway.node.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A journal that is cut, damaged, gone, or somebody else's.
class JournalDamageTest extends OneJournal {

    @Test
    void lastEntryCutAtAnyByteIsCutOffAndTheOthersStay() throws Exception {
        var id = with(2).id();
        int whole = bytes().length;
        with3();
        var full = bytes();
        for (int length = whole; length < full.length; length++) {
            file.set(Arrays.copyOf(full, length));

            var journal = open();

            assertEquals(List.of(fact(1), fact(2)), facts(journal), "cut at " + length);
            assertEquals(id, journal.id());
            assertTrue(journal.isComplete(), "it goes on alone");
            assertEquals(length > whole, journal.isLossy(), "cut at " + length);
            assertEquals(3, journal.append(fact(9)).sequence());
            var next = open();
            assertEquals(List.of(fact(1), fact(2), fact(9)), facts(next), "cut at " + length);
            assertEquals(length > whole, next.hasLostItsTail(), "the next start knows it too");
        }
    }

    private void with3() throws Exception {
        open().append(fact(3));
    }

    @Test
    void anyFlippedBitOfTheLastEntryCutsItOff() throws Exception {
        with(2);
        int whole = bytes().length;
        with3();
        var full = bytes();
        for (int bit = whole * 8; bit < full.length * 8; bit++) {
            var flipped = full.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            file.set(flipped);

            assertEquals(List.of(fact(1), fact(2)), facts(open()), "bit " + bit);
        }
    }

    @Test
    void anyFlippedBitInTheMiddleIsFoundAndWhatIsBeforeIsUsed() throws Exception {
        with(1);
        int first = bytes().length;
        open().append(fact(2));
        int second = bytes().length;
        with3();
        var full = bytes();
        for (int bit = first * 8; bit < second * 8; bit++) {
            var flipped = full.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            file.set(flipped);

            var journal = open();

            assertEquals(List.of(fact(1)), facts(journal), "bit " + bit);
            assertTrue(journal.isLossy(), "bit " + bit);
            assertFalse(journal.isComplete());
            assertArrayEquals(flipped, file.aside().get("damaged"), "all of it is kept");
            assertTrue(open().isLossy(), "the next start knows it too");
        }
    }

    @Test
    void journalThatHasLostEntriesTakesNoMoreUntilItIsBegunAnew() throws Exception {
        var journal = with(2);
        journal.hasLostEntries("the test says so");
        assertThrows(JournalFailed.class, () -> journal.append(fact(3)));
        assertThrows(IllegalStateException.class, journal::beginAnew);

        journal.drained(2);
        var before = journal.id();
        journal.complete();
        assertTrue(journal.isLossy(), "a comparison with the kernel does not bring them back");
        journal.beginAnew();

        assertNotEquals(before, journal.id());
        assertEquals(1, journal.append(fact(3)).sequence());
        assertFalse(journal.isComplete());
        assertFalse(open().isLossy());
    }

    @Test
    void anyFlippedBitOfTheHeaderBeginsANewJournalAndKeepsTheOldOne() throws Exception {
        var empty = open();
        var id = empty.id();
        int header = bytes().length;
        with(2);
        var full = bytes();
        for (int bit = 0; bit < header * 8; bit++) {
            var flipped = full.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            file.set(flipped);
            try {
                var journal = open();

                assertNotEquals(id, journal.id(), "bit " + bit);
                assertEquals(List.of(), facts(journal));
                assertFalse(journal.isComplete(), "nothing is done alone before the log has compared");
                assertArrayEquals(flipped, file.aside().get("unreadable"));
            } catch (NotOurs e) {
                assertTrue(e.getMessage().contains("run the executor that wrote it"), e.getMessage());
            }
        }
    }

    @Test
    void missingFileIsANewJournal() throws Exception {
        var id = with(2).id();
        file.lose();

        var journal = open();

        assertNotEquals(id, journal.id());
        assertFalse(journal.isComplete());
    }

    @Test
    void journalOfAnotherNodeOrClusterIsRefused() throws Exception {
        with(2);
        var otherNode = new Incarnation(OWNER.cluster(), new NodeName("node-2"), OWNER.instance());
        var otherCluster = new Incarnation(new ClusterId("other"), OWNER.node(), OWNER.instance());

        for (var other : List.of(otherNode, otherCluster)) {
            var failure = assertThrows(NotOurs.class, () -> open(other, BOOT));

            assertTrue(failure.getMessage().contains("belongs to node node-1 of cluster test"), failure.getMessage());
        }
        assertEquals(2, open().entries().size());
    }

    @Test
    void journalOfAnOlderInstanceIsKeptBeside() throws Exception {
        with(2);
        var bytes = bytes();

        var journal = open(new Incarnation(OWNER.cluster(), OWNER.node(), new InstanceId("i-2")), BOOT);

        assertEquals(List.of(), facts(journal));
        assertArrayEquals(bytes, file.aside().get("of-instance-i-1"));
    }

    @Test
    void logThatKnowsMoreThanTheJournalShowsThatEntriesWereLost() throws Exception {
        var journal = with(2);

        journal.drained(4);

        assertTrue(journal.isLossy());
    }
}
