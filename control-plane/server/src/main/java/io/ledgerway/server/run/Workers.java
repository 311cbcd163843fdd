package io.ledgerway.server.run;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads and timers of a loop: one thread that looks, and as many as there are calls under way. What is handed
/// over after the end is not done.
public interface Workers extends AutoCloseable {

    /// On the looking thread, in the order of asking.
    void look(Runnable work);

    /// On the looking thread, once the time has passed.
    void lookIn(Duration time, Runnable work);

    /// On a thread of its own.
    void call(Runnable work);

    /// A monotonic clock.
    long nanoTime();

    boolean isClosed();

    /// Interrupts what is being done.
    @Override
    void close();

    /// Real threads, and the time that passes.
    ///
    /// @param looker names the looking thread
    static Workers start(String looker) {
        return new Real(looker);
    }

    static Workers start() {
        return start("intent-runner");
    }

    /// The looking thread is a platform thread, so that work on virtual ones never holds it up.
    final class Real implements Workers {

        private final ScheduledExecutorService looker;
        private final ExecutorService calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("cloud-call-", 0).factory());

        private Real(String name) {
            looker = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name(name).factory(), new ThreadPoolExecutor.DiscardPolicy());
        }

        @Override
        public void look(Runnable work) {
            looker.execute(work);
        }

        @Override
        public void lookIn(Duration time, Runnable work) {
            looker.schedule(work, Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS);
        }

        @Override
        public void call(Runnable work) {
            calls.execute(work);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public boolean isClosed() {
            return looker.isShutdown();
        }

        @Override
        public void close() {
            looker.shutdownNow();
            calls.shutdownNow();
        }
    }
}
