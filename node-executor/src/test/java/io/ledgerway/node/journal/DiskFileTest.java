package io.ledgerway.node.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.PageCache;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rule 15, down to the disk: what the journal's file promises of a crash of the machine.
class DiskFileTest {

    @TempDir
    private Path folder;

    private Path path;
    private DiskFile file;

    @BeforeEach
    void open() {
        path = folder.resolve("data").resolve("journal");
        file = new DiskFile(path);
    }

    @Test
    void whatWasSyncedIsOnTheDisk() throws Exception {
        PageCache.assumeItTells(folder);
        file.replace(new byte[] {1});
        assertEquals(0, PageCache.unsyncedPages(path), "a file that was replaced");

        file.append(new byte[] {2, 3});
        assertTrue(PageCache.unsyncedPages(path) > 0, "only a sync brings it there");
        file.sync();

        assertEquals(0, PageCache.unsyncedPages(path), "bytes that were appended and synced");
    }

    @Test
    void bytesAreAppendedBehindWhatIsLeftAfterACut() throws Exception {
        file.replace(new byte[] {1, 2, 3});
        file.append(new byte[] {4, 5});
        file.truncate(4);
        file.append(new byte[] {6});

        assertArrayEquals(new byte[] {1, 2, 3, 4, 6}, file.read().orElseThrow());
    }

    @Test
    void fileThatHasVanishedDoesNotComeBackWithoutItsHeader() throws Exception {
        file.replace(new byte[] {1});
        file.close();
        Files.delete(path);

        assertThrows(NoSuchFileException.class, () -> file.append(new byte[] {2}));
        assertTrue(file.read().isEmpty());
    }

    @Test
    void whatIsMovedAsideTakesNoOlderOnesPlace() throws Exception {
        file.replace(new byte[] {1});
        var first = Path.of(file.moveAside("damaged"));
        file.replace(new byte[] {2});
        var second = Path.of(file.moveAside("damaged"));

        assertArrayEquals(new byte[] {1}, Files.readAllBytes(first));
        assertArrayEquals(new byte[] {2}, Files.readAllBytes(second));
        assertTrue(file.read().isEmpty());
    }
}
