package io.ledgerway.node;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What of a file the machine would lose with its power, by cachestat(2) of Linux 6.5 and later.
@SuppressWarnings("restricted")
public final class PageCache {

    private static final long CACHESTAT = 451;
    private static final int O_RDONLY = 0;
    private static final long DIRTY = Long.BYTES;
    private static final long WRITEBACK = 2 * Long.BYTES;
    private static final long STATISTICS = 5 * Long.BYTES;

    private PageCache() {}

    /// Pages of the file that are not on the disk yet; less than 0 if the kernel does not say.
    public static long unsyncedPages(Path file) {
        var linker = Linker.nativeLinker();
        try (var arena = Arena.ofConfined()) {
            int descriptor = (int) function(linker, "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT))
                    .invoke(arena.allocateFrom(file.toString()), O_RDONLY);
            var range = arena.allocate(2 * Long.BYTES, Long.BYTES);
            var statistics = arena.allocate(STATISTICS, Long.BYTES);
            long failed = (long) function(
                            linker,
                            "syscall",
                            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                    .invoke(CACHESTAT, descriptor, range, statistics, 0);
            int ignored = (int) function(linker, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                    .invoke(descriptor);
            return failed != 0 ? -1 : statistics.get(JAVA_LONG, DIRTY) + statistics.get(JAVA_LONG, WRITEBACK);
        } catch (Throwable e) {
            throw new IllegalStateException("cachestat of " + file, e);
        }
    }

    private static MethodHandle function(Linker linker, String name, FunctionDescriptor shape) {
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), shape);
    }

    /// Skips the test where the kernel or the file system does not tell what was synced from what was not.
    public static void assumeItTells(Path folder) throws IOException {
        var file = folder.resolve("page-cache");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}));
            assumeTrue(unsyncedPages(file) > 0, "what was written is dirty");
            channel.force(true);
            assumeTrue(unsyncedPages(file) == 0, "what was synced is not");
        }
        Files.delete(file);
    }
}
