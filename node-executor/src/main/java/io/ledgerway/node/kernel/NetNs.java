package io.ledgerway.node.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// An open network namespace. Entering one is done only on a platform thread, for one system call, and always
/// undone; a thread that cannot come back would plumb the next pod in the wrong place, so the process ends
/// instead.
public final class NetNs implements AutoCloseable {
    private static final String OWN = "/proc/thread-self/ns/net";
    private static final int SYSCTL_BYTES = 64;
    private static final int EXIT_LOST_NAMESPACE = 70;
    private final Fd fd;
    private final String path;
    private final long device;
    private final long inode;

    private NetNs(Fd fd, String path) {
        long[] identity = new long[2];
        KernelException.check(Sys.identity(fd.number(), identity), "look at network namespace", path);
        this.fd = fd;
        this.path = path;
        this.device = identity[0];
        this.inode = identity[1];
    }

    /// Opens a path such as `/var/run/netns/cni-1`; anything that is not a network namespace is refused.
    public static NetNs open(String path) {
        // Without O_NONBLOCK a named pipe put at this path would hold the thread for ever.
        int number = Sys.open(path, Sys.O_RDONLY | Sys.O_NONBLOCK);
        Fd fd = new Fd(KernelException.check(number, "open network namespace", path));
        try {
            int type = Sys.namespaceType(fd.number());
            if (type < 0) {
                throw KernelException.refused("open network namespace", path, -type, "this file is no namespace");
            }
            if (type != Sys.CLONE_NEWNET) {
                throw KernelException.unexpected("open network namespace " + path
                        + ": this is a namespace of another kind (0x" + Integer.toHexString(type) + ")");
            }
            return new NetNs(fd, path);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /// The namespace of the calling thread.
    public static NetNs own() {
        return open(OWN);
    }

    /// A new namespace that nothing pins: it ends when this object and what lives in it are closed, also after a crash.
    public static NetNs scratch() {
        FutureTask<NetNs> task = new FutureTask<>(() -> {
            KernelException.check(Sys.unshareNetworkNamespace(), "create", "a network namespace");
            return own();
        });
        return onThreadThatEnds("scratch-netns", task);
    }

    /// Runs the work in this namespace. A socket that it opens belongs to the namespace for life and may be used from
    /// anywhere afterwards. What it throws reaches the caller.
    public <T> T inside(Supplier<T> work) {
        return onThreadThatEnds("inside-netns", new FutureTask<>(() -> {
            KernelException.check(Sys.setNetworkNamespace(fd.number()), "enter network namespace", path);
            return work.get();
        }));
    }

    /// The thread keeps the namespace for the rest of its short life, so it must be one that ends here.
    private static <T> T onThreadThatEnds(String name, FutureTask<T> task) {
        Thread thread = Thread.ofPlatform().name(name).daemon().start(task);
        try {
            T made = task.get();
            thread.join();
            return made;
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + name, e);
        }
    }

    public boolean sameAs(NetNs other) {
        return device == other.device && inode == other.inode;
    }

    public String path() {
        return path;
    }

    /// A path under which this process can open the namespace as long as this object is open.
    public String pathOfDescriptor() {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + fd.number();
    }

    int number() {
        return fd.number();
    }

    /// A route netlink socket that belongs to this namespace for life and may then be used from anywhere.
    Fd openSocketIn(NetNs home) {
        int socket = inside(home, Sys::routeSocket);
        return new Fd(KernelException.check(socket, "open a netlink socket in", path));
    }

    /// Reads a file below `/proc/sys/net` as this namespace shows it.
    String readSysctl(NetNs home, String file) {
        try (Fd open = openSysctl(home, file, Sys.O_RDONLY)) {
            ByteBuffer buffer = Sys.nativeBuffer(SYSCTL_BYTES);
            int count = KernelException.check(Sys.read(open.number(), buffer), "read", file);
            return StandardCharsets.US_ASCII
                    .decode(buffer.limit(count))
                    .toString()
                    .strip();
        }
    }

    void writeSysctl(NetNs home, String file, String value) {
        try (Fd open = openSysctl(home, file, Sys.O_WRONLY)) {
            ByteBuffer buffer = Sys.nativeBuffer(SYSCTL_BYTES)
                    .put(value.getBytes(StandardCharsets.US_ASCII))
                    .flip();
            KernelException.check(Sys.write(open.number(), buffer), "write " + value + " to", file);
        }
    }

    private Fd openSysctl(NetNs home, String file, int flags) {
        int number = inside(home, () -> Sys.open(file, flags));
        return new Fd(KernelException.check(number, "open", file + " in " + path));
    }

    private interface SystemCall {
        int run();
    }

    private int inside(NetNs home, SystemCall body) {
        if (sameAs(home)) {
            return body.run();
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread must not enter " + path
                    + ": its carrier would stay there with other virtual threads on it");
        }
        KernelException.check(Sys.setNetworkNamespace(fd.number()), "enter network namespace", path);
        try {
            return body.run();
        } finally {
            if (Sys.setNetworkNamespace(home.fd.number()) < 0) {
                Runtime.getRuntime().halt(EXIT_LOST_NAMESPACE);
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return path;
    }
}
