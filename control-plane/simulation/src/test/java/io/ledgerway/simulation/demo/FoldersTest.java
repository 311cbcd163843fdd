package io.ledgerway.simulation.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    private Path folder;

    private Path disk;

    @BeforeEach
    void fill() throws IOException {
        disk = folder.resolve("disk");
        Files.createDirectories(disk.resolve("deeper"));
        Files.writeString(disk.resolve("deeper").resolve("file"), "content");
        Files.writeString(disk.resolve("state"), "state");
    }

    @Test
    void anEmptiedFolderIsThereAndHasNothing() throws IOException {
        Folders.empty(disk);

        try (var left = Files.list(disk)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aCopyHasEveryFileWhereItWas() throws IOException {
        var copy = Files.createDirectory(folder.resolve("copy"));

        Folders.copy(disk, copy);

        assertEquals("content", Files.readString(copy.resolve("deeper").resolve("file")));
        assertTrue(Files.exists(copy.resolve("state")));
    }
}
