package io.ledgerway.server.postgres;

import io.ledgerway.domain.Envelope;
import io.ledgerway.server.run.CommittedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A log that lives as long as its test.
final class LogInMemory implements CommittedLog {

    private final List<List<Envelope>> partitions = new ArrayList<>();
    private boolean reachable = true;
    private boolean deposed;

    LogInMemory(int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            this.partitions.add(new ArrayList<>());
        }
    }

    static LogInMemory holding(ScriptedLog script) {
        var log = new LogInMemory(ScriptedLog.PARTITIONS);
        script.partitions().forEach(records -> records.forEach(log::commit));
        return log;
    }

    synchronized void commit(Envelope envelope) {
        partitions.get(envelope.partition()).add(envelope);
        notifyAll();
    }

    synchronized void reachable(boolean now) {
        reachable = now;
    }

    /// Another owner has it, which only those notice who want something confirmed.
    synchronized void deposed(boolean now) {
        deposed = now;
    }

    @Override
    public int partitions() {
        return partitions.size();
    }

    @Override
    public synchronized OptionalLong committed(int partition) {
        return reachable ? OptionalLong.of(partitions.get(partition).size()) : OptionalLong.empty();
    }

    @Override
    public synchronized CompletableFuture<Long> confirm(int partition) {
        return reachable && !deposed
                ? CompletableFuture.completedFuture(
                        (long) partitions.get(partition).size())
                : CompletableFuture.failedFuture(new IllegalStateException("the log is away"));
    }

    @Override
    public Subscription subscribe(int partition, long from, Consumer<Envelope> listener) {
        var follower = new Follower(partition, from, listener);
        Thread.ofVirtual().start(follower);
        return follower;
    }

    private final class Follower implements Subscription, Runnable {
        private final int partition;
        private final Consumer<Envelope> listener;
        private long next;
        private volatile boolean closed;

        Follower(int partition, long from, Consumer<Envelope> listener) {
            this.partition = partition;
            this.next = from;
            this.listener = listener;
        }

        @Override
        public void run() {
            try {
                while (!closed) {
                    var record = await();
                    if (record.isPresent()) {
                        listener.accept(record.get());
                        next++;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private Optional<Envelope> await() throws InterruptedException {
            synchronized (LogInMemory.this) {
                var records = partitions.get(partition);
                if (records.size() <= next && !closed) {
                    LogInMemory.this.wait(50);
                }
                return records.size() > next && !closed ? Optional.of(records.get((int) next)) : Optional.empty();
            }
        }

        @Override
        public Optional<RuntimeException> failure() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
