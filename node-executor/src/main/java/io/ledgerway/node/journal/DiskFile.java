package io.ledgerway.node.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A file on this machine's disk. One writer at a time, which its owner sees to. Writing is not interruptible: a
/// channel would be closed under everybody by the interruption of one caller.
public final class DiskFile implements DataFile, AutoCloseable {

    private static final int MOST_ASIDE = 1000;

    private final Path path;
    private RandomAccessFile opened;

    public DiskFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    @Override
    public Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void append(byte[] bytes) throws IOException {
        var file = opened();
        file.seek(file.length());
        file.write(bytes);
    }

    @Override
    public synchronized void sync() throws IOException {
        opened().getFD().sync();
    }

    @Override
    public synchronized void truncate(long length) throws IOException {
        opened().setLength(length);
        opened().getFD().sync();
    }

    @Override
    public synchronized void replace(byte[] bytes) throws IOException {
        Files.createDirectories(path.getParent());
        var beside = path.resolveSibling(path.getFileName() + ".new");
        // Made anew: a file that is cut to nothing goes to the disk by itself on ext4, and a missing sync would not
        // show.
        Files.deleteIfExists(beside);
        try (var fresh = new RandomAccessFile(beside.toFile(), "rw")) {
            fresh.write(bytes);
            fresh.getFD().sync();
        }
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        close();
        syncFolder();
    }

    @Override
    public synchronized String moveAside(String why) throws IOException {
        for (int i = 1; i <= MOST_ASIDE; i++) {
            var aside = path.resolveSibling(path.getFileName() + "." + why + (i == 1 ? "" : "-" + i));
            if (!Files.exists(aside)) {
                Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
                close();
                syncFolder();
                return aside.toString();
            }
        }
        throw new IOException(
                MOST_ASIDE + " files " + path + "." + why + "* were moved aside already; look at them and remove them");
    }

    @Override
    public String name() {
        return path.toString();
    }

    private RandomAccessFile opened() throws IOException {
        if (opened == null) {
            // Not made here: a file that has vanished under us must not come back without its header.
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            opened = new RandomAccessFile(path.toFile(), "rw");
        }
        return opened;
    }

    private void syncFolder() throws IOException {
        try (var folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }
}
