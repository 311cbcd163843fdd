package io.ledgerway.node.install;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Changes files as somebody who may be killed at any moment has to: each is there as it was, or whole and new,
/// and what was done survives a crash of the machine.
final class NodeFiles {

    /// Told before each change of the disk, so that a test can end the program there.
    interface Steps {
        void before(String step);
    }

    static final Set<PosixFilePermission> PLAIN = PosixFilePermissions.fromString("rw-r--r--");
    static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    private final Steps steps;

    NodeFiles(Steps steps) {
        this.steps = steps;
    }

    /// Where a file is written before it gets its name. A leading dot, and no ending that a runtime reads.
    static Path beside(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".ledgerway-new");
    }

    void write(Path file, byte[] content, Set<PosixFilePermission> permissions) throws IOException {
        var beside = beside(file);
        steps.before("write " + beside);
        // Whatever has that name, a link to somewhere else perhaps, is not written into.
        Files.deleteIfExists(beside);
        try (var channel = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            // Not as an attribute of the opening, which the process's mask would cut.
            Files.setPosixFilePermissions(beside, permissions);
            channel.force(true);
        }
        steps.before("rename to " + file);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(file);
    }

    void delete(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            steps.before("delete " + file);
            Files.deleteIfExists(file);
            syncFolder(file);
        }
    }

    /// The folders that `makeFolder` would have to make for this one, the outermost first.
    static List<Path> missing(Path folder) {
        var missing = new ArrayList<Path>();
        for (var path = folder; path != null && !Files.exists(path); path = path.getParent()) {
            missing.addFirst(path);
        }
        return missing;
    }

    void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            steps.before("make " + folder);
            Files.createDirectories(folder);
        }
    }

    /// Somebody else's files keep a folder.
    void removeIfEmpty(Path folder) throws IOException {
        steps.before("remove " + folder);
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            // It stays, or is gone already.
        }
    }

    private static void syncFolder(Path file) throws IOException {
        try (var folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
