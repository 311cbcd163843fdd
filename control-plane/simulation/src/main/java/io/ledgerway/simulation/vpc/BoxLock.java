package io.ledgerway.simulation.vpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Tells a box that is alive from the remains of a dead one: the kernel lets go of the lock when its holder dies,
/// however it dies, and only the holder may clean up by the prefix.
final class BoxLock implements AutoCloseable {

    private static final Path FOLDER = Path.of("/run/ledgerway");

    private final Path file;
    private final FileChannel channel;

    private BoxLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static BoxLock acquire(BoxId id) {
        var file = FOLDER.resolve("vpc-" + id.value() + ".lock");
        try {
            Files.createDirectories(FOLDER);
            while (true) {
                var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (tryLock(channel) == null) {
                    channel.close();
                    throw new IllegalStateException("a VPC in a box with the id " + id.value()
                            + " is running already (it holds " + file + "); stop it or choose another id");
                }
                if (isStill(file, channel)) {
                    return new BoxLock(file, channel);
                }
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /// The holder before us removes the file when it stops; a lock on a removed file protects nothing. Writing
    /// through our channel and looking through the name shows whether both are the same file.
    private static boolean isStill(Path file, FileChannel channel) throws IOException {
        var mark = Long.toString(ProcessHandle.current().pid()) + " " + System.nanoTime() + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.US_ASCII)), 0);
        return Files.exists(file) && Files.readString(file).equals(mark);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give up " + file, e);
        }
    }
}
