package io.ledgerway.node.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The platform threads on which all kernel work runs. Native calls would pin a virtual thread's carrier, and
/// namespaces belong to kernel threads. Deleting a link waits about 20 ms for the kernel, so deletions have a
/// thread of their own and no ADD queues behind them.
public final class KernelThreads implements AutoCloseable {
    public static final int PLUMBERS = 3;
    public static final int PLUMBER_QUEUE = 256;
    public static final int DELETION_QUEUE = 1024;
    private static final long WORK_TIMEOUT_SECONDS = 30;
    /// For all threads of a kind together.
    private static final long CLOSE_TIMEOUT_MILLIS = 3_000;

    private final NetNs node;
    private final Lane plumbers;
    private final Lane deletions;

    /// Owns `node` from here on.
    public KernelThreads(NetNs node) {
        this.node = node;
        this.plumbers = new Lane("plumber", PLUMBERS, PLUMBER_QUEUE);
        this.deletions = new Lane("deletions", 1, DELETION_QUEUE);
    }

    /// The namespace that all work on the node happens in.
    public NetNs node() {
        return node;
    }

    /// Work for a kernel thread; what it throws reaches whoever waits for it.
    public interface Work<T> {
        T run(KernelSession session);
    }

    /// Runs the work on a plumber and waits for it.
    public <T> T plumb(Work<T> work) {
        CompletableFuture<T> result = plumbers.submit(work);
        try {
            return result.get(WORK_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw rethrow(e.getCause());
        } catch (TimeoutException e) {
            throw KernelException.unknownOutcome(
                    "wait " + WORK_TIMEOUT_SECONDS + " s for", "a kernel thread", Errno.EAGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KernelException.unknownOutcome("wait for", "a kernel thread", Errno.EINTR);
        }
    }

    /// Runs the work on the thread for deletions, some time later.
    public <T> CompletableFuture<T> delete(Work<T> work) {
        return deletions.submit(work);
    }

    private static RuntimeException rethrow(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }

    /// Finishes what is queued, then ends the threads.
    @Override
    public void close() {
        plumbers.close();
        deletions.close();
        node.close();
    }

    private interface Task {
        void run(KernelSession session);
    }

    private final class Lane {
        /// Ends the thread that takes it.
        private static final Task END = session -> {};

        private final String name;
        private final BlockingQueue<Task> queue;
        private final List<Thread> threads = new ArrayList<>();
        private boolean closed;

        Lane(String name, int count, int limit) {
            this.name = name;
            this.queue = new ArrayBlockingQueue<>(limit);
            for (int i = 0; i < count; i++) {
                threads.add(Thread.ofPlatform().name(name + "-" + i).daemon().start(this::serve));
            }
        }

        <T> CompletableFuture<T> submit(Work<T> work) {
            CompletableFuture<T> result = new CompletableFuture<>();
            synchronized (this) {
                if (closed) {
                    result.completeExceptionally(KernelException.unexpected("the executor is stopping"));
                } else if (!queue.offer(session -> complete(result, work, session))) {
                    result.completeExceptionally(KernelException.unexpected(
                            "all " + queue.size() + " places in the queue of the " + name + " threads are taken"));
                }
            }
            return result;
        }

        private <T> void complete(CompletableFuture<T> result, Work<T> work, KernelSession session) {
            try {
                result.complete(work.run(session));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }

        private void serve() {
            try (KernelSession session = new KernelSession(node)) {
                for (Task next = queue.take(); next != END; next = queue.take()) {
                    next.run(session);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void close() {
            synchronized (this) {
                closed = true;
            }
            try {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MILLIS);
                for (int i = 0; i < threads.size(); i++) {
                    queue.offer(END, end - System.nanoTime(), TimeUnit.NANOSECONDS);
                }
                for (Thread thread : threads) {
                    thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
