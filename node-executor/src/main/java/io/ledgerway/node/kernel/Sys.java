package io.ledgerway.node.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The only class that calls native code: every system call goes through one `syscall(2)` handle of one shape,
/// because each distinct downcall shape costs a generated class at start-up. A negative result is `-errno`; the
/// errno buffer belongs to the call.
final class Sys {
    static final int CLONE_NEWNET = 0x4000_0000;
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x8_0000;
    private static final int AT_FDCWD = -100;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | O_CLOEXEC;
    private static final int NETLINK_ROUTE = 0;
    private static final int NS_GET_NSTYPE = 0xb703;

    private static final Numbers NUMBERS = Numbers.ofThisMachine();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CAPTURE.byteOffset(PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = syscallHandle();

    private Sys() {}

    /// System call numbers; x86-64 is what the tests run on.
    private record Numbers(
            int read,
            int write,
            int close,
            int fstat,
            int ioctl,
            int socket,
            int sendto,
            int recvfrom,
            int setsockopt,
            int unshare,
            int openat,
            int setns) {
        static Numbers ofThisMachine() {
            String architecture = System.getProperty("os.arch");
            return switch (architecture) {
                case "amd64", "x86_64" -> new Numbers(0, 1, 3, 5, 16, 41, 44, 45, 54, 272, 257, 308);
                case "aarch64" -> new Numbers(63, 64, 57, 80, 29, 198, 206, 207, 208, 97, 56, 268);
                default ->
                    throw new UnsupportedOperationException("no system call numbers known for architecture "
                            + architecture + "; add them to Sys.Numbers");
            };
        }
    }

    @SuppressWarnings("restricted") // Calling native code is this class's purpose.
    private static MethodHandle syscallHandle() {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup().findOrThrow("syscall");
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        FunctionDescriptor shape = FunctionDescriptor.of(word, word, word, word, word, word, word, word);
        return linker.downcallHandle(
                symbol, shape, Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno"));
    }

    private static long call(Arena arena, long number, long a, long b, long c, long d, long e, long f) {
        MemorySegment capture = arena.allocate(CAPTURE);
        long result;
        try {
            result = (long) SYSCALL.invokeExact(capture, number, a, b, c, d, e, f);
        } catch (Throwable impossible) {
            throw new LinkageError("syscall " + number + " could not be called", impossible);
        }
        return result == -1 ? -capture.get(ValueLayout.JAVA_INT, ERRNO_OFFSET) : result;
    }

    private static long call(long number, long a, long b, long c, long d, long e, long f) {
        try (Arena arena = Arena.ofConfined()) {
            return call(arena, number, a, b, c, d, e, f);
        }
    }

    /// openat(2), always close-on-exec.
    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return (int) call(arena, NUMBERS.openat, AT_FDCWD, name.address(), flags | O_CLOEXEC, 0, 0, 0);
        }
    }

    /// close(2)
    static int close(int fd) {
        return (int) call(NUMBERS.close, fd, 0, 0, 0, 0, 0);
    }

    /// read(2) from the buffer's position to its limit; neither is moved.
    static int read(int fd, ByteBuffer direct) {
        return transfer(NUMBERS.read, fd, direct);
    }

    /// write(2) of the bytes between position and limit; neither is moved.
    static int write(int fd, ByteBuffer direct) {
        return transfer(NUMBERS.write, fd, direct);
    }

    /// send(2)
    static int send(int fd, ByteBuffer direct) {
        return transfer(NUMBERS.sendto, fd, direct);
    }

    /// recv(2)
    static int receive(int fd, ByteBuffer direct) {
        return transfer(NUMBERS.recvfrom, fd, direct);
    }

    private static int transfer(long number, int fd, ByteBuffer direct) {
        try {
            return (int) call(number, fd, MemorySegment.ofBuffer(direct).address(), direct.remaining(), 0, 0, 0);
        } finally {
            Reference.reachabilityFence(direct);
        }
    }

    /// socket(2): a route netlink socket in the network namespace of the calling thread.
    static int routeSocket() {
        return (int) call(NUMBERS.socket, AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE, 0, 0, 0);
    }

    /// setsockopt(2) with an int.
    static int setOption(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            return (int) call(arena, NUMBERS.setsockopt, fd, level, option, word.address(), 4, 0);
        }
    }

    /// setsockopt(2) with a `struct timeval`.
    static int setTimeOption(int fd, int level, int option, long seconds, long microseconds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocateFrom(ValueLayout.JAVA_LONG, seconds, microseconds);
            return (int) call(arena, NUMBERS.setsockopt, fd, level, option, time.address(), 16, 0);
        }
    }

    /// setns(2); changes the calling kernel thread, so only `NetNs` may use it.
    static int setNetworkNamespace(int fd) {
        return (int) call(NUMBERS.setns, fd, CLONE_NEWNET, 0, 0, 0, 0);
    }

    /// unshare(2) of the network namespace of the calling thread; only `NetNs` may use it.
    static int unshareNetworkNamespace() {
        return (int) call(NUMBERS.unshare, CLONE_NEWNET, 0, 0, 0, 0, 0);
    }

    /// ioctl_ns(2): the clone flag of a namespace file, ENOTTY for every other file.
    static int namespaceType(int fd) {
        return (int) call(NUMBERS.ioctl, fd, NS_GET_NSTYPE, 0, 0, 0, 0);
    }

    /// fstat(2): device and inode in `identity[0]` and `identity[1]`.
    static int identity(int fd, long[] identity) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(256, 8);
            int result = (int) call(arena, NUMBERS.fstat, fd, stat.address(), 0, 0, 0, 0);
            identity[0] = stat.get(ValueLayout.JAVA_LONG, 0);
            identity[1] = stat.get(ValueLayout.JAVA_LONG, 8);
            return result;
        }
    }

    static ByteBuffer nativeBuffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
