package io.ledgerway.server.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The only writer of one partition: one transactional producer, one thread, one transaction for whatever
/// is waiting.
///
/// States: fenced (constructed; predecessors can no longer commit) -> started -> stopped, by [#close] or by
/// the first failure. A stopped writer never writes again: who comes after it has to take over and read
/// what the log says.
///
/// Not final, so that tests can hold, lose or refuse a commit.
public class PartitionWriter implements AutoCloseable {

    /// Appends in one transaction at most. Nothing waits for strangers: a batch is what has gathered
    /// meanwhile, and what is being decided already.
    public static final int LARGEST_BATCH = 1_000;

    /// Bytes in one transaction at most, so that a batch never waits for the producer's buffer.
    public static final int LARGEST_BATCH_BYTES = 8 << 20;

    /// How long a batch waits at most for commands that are being decided.
    public static final Duration LONGEST_GATHERING = Duration.ofNanos(500_000);

    /// Kafka's default limit for a message is 1 MiB, its framing included.
    public static final int LARGEST_RECORD = 1_000_000;

    /// How long closing waits for what is under way.
    public static final Duration CLOSE_DEADLINE = LogSettings.COMMIT_DEADLINE.plusSeconds(2);

    private static final byte[] BARRIER = new byte[0];

    private final LogSettings settings;
    private final int partition;
    private final OffsetIndex index;
    private final KafkaProducer<byte[], byte[]> producer;
    private final WriterStatistics statistics = new WriterStatistics();
    private final Object lock = new Object();
    private final ArrayDeque<Append> waiting = new ArrayDeque<>();
    private Listener listener;
    private Thread thread;
    private LogFailure stopped;
    private BooleanSupplier deciding = () -> false;
    private boolean closing;
    private boolean gathering;

    /// One append, or a barrier if it has no records. Its answer comes on the writer's thread, in the
    /// order of appends.
    public abstract static class Append {
        private final List<Outgoing> records;
        private final int bytes;

        protected Append(List<Outgoing> records) {
            this.records = records;
            int sum = 0;
            for (var record : records) {
                sum += record.value().length;
            }
            bytes = sum;
        }

        protected abstract void durable();

        /// Public so that a test can plant a writer which fails one batch and goes on.
        public abstract void failed(AppendFailed failure);
    }

    public record Outgoing(String key, byte[] value, long sequence) {
        public Outgoing {
            if (value.length > LARGEST_RECORD) {
                throw new IllegalArgumentException("a record of stream " + key + " has " + value.length
                        + " bytes; the log takes " + LARGEST_RECORD);
            }
        }
    }

    /// What the engine hears, before any [Append] does.
    public interface Listener {
        /// On the writer's thread, after the commit.
        void committed(List<Append> batch);

        /// On the writer's thread, after the appends of a batch have been answered.
        void announced();

        /// On the writer's thread, once and for good.
        void stopped(LogFailure failure);
    }

    /// Fences every earlier writer of the partition and ends its open transaction.
    public PartitionWriter(LogSettings settings, int partition, OffsetIndex index) {
        this.settings = settings;
        this.partition = partition;
        this.index = index;
        var name = settings.topic() + "-" + partition;
        var ours = new HashMap<String, Object>();
        ours.put("client.id", "ledgerway-writer-" + name);
        ours.put("transactional.id", settings.transactionalId(partition));
        ours.put("transaction.timeout.ms", (int) LogSettings.TRANSACTION_TIMEOUT.toMillis());
        ours.put("acks", "all");
        ours.put("linger.ms", 0);
        ours.put("batch.size", 1 << 18);
        ours.put("max.block.ms", LogSettings.COMMIT_DEADLINE.toMillis());
        ours.put("delivery.timeout.ms", (int) LogSettings.COMMIT_DEADLINE.toMillis());
        producer = new KafkaProducer<>(settings.properties(ours), new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw new LogUnreachable("taking over partition " + name + " at " + settings.bootstrap() + ": " + e, e);
        }
    }

    /// From here on appends are written. What was appended before waits until now.
    ///
    /// @param undecided whether more appends are about to come; when it turns false, [#decided] is called
    public final void start(Listener hears, BooleanSupplier undecided) {
        synchronized (lock) {
            listener = hears;
            deciding = undecided;
            thread = Thread.ofPlatform()
                    .daemon()
                    .name("log-writer-" + settings.topic() + "-" + partition)
                    .start(this::run);
        }
    }

    /// Queues an append. The caller sees to it that sequences follow one another.
    public final void append(Append append) {
        LogFailure refused;
        synchronized (lock) {
            refused = stopped;
            if (refused == null && closing) {
                refused = LogFailure.closed("partition " + partition + " is being closed");
            }
            if (refused == null) {
                waiting.add(append);
                if (!gathering) {
                    lock.notify();
                }
            }
        }
        if (refused != null) {
            append.failed(new AppendFailed(refused, true));
        }
    }

    /// Nothing is being decided any more: a batch need not wait for it.
    public final void decided() {
        synchronized (lock) {
            if (gathering) {
                lock.notify();
            }
        }
    }

    public final WriterStatistics statistics() {
        return statistics;
    }

    private void run() {
        var batch = new ArrayList<Append>();
        while (take(batch)) {
            boolean committing = false;
            try {
                long begun = System.nanoTime();
                producer.beginTransaction();
                var first = send(batch);
                committing = true;
                commit();
                if (first != null) {
                    index.note(firstSequence(batch), first.resultNow().offset());
                }
                listener.committed(batch);
                statistics.committed(batch.size(), records(batch), System.nanoTime() - begun);
                // Here and not on another thread: whoever is answered may ask again before the next batch is closed.
                batch.forEach(Append::durable);
                listener.announced();
            } catch (RuntimeException | Error e) {
                var failure = classified(e);
                if (stopsAfter(failure, batch, committing)) {
                    return;
                }
            }
        }
        stop(LogFailure.closed("partition " + partition + " was closed"), List.of(), false);
    }

    /// Ends the transaction; when it returns, everything in it is durable and visible.
    protected void commit() {
        producer.commitTransaction();
    }

    /// An empty transaction is never shown to the broker, so a fenced writer would not notice: write something.
    protected void writeBarrier() {
        producer.send(new ProducerRecord<>(settings.barrierTopic(), partition, null, BARRIER));
    }

    /// @return whether the writer has stopped; it always has
    protected boolean stopsAfter(LogFailure failure, List<Append> batch, boolean committing) {
        stop(failure, batch, committing);
        return true;
    }

    private Future<RecordMetadata> send(List<Append> batch) {
        Future<RecordMetadata> first = null;
        for (var append : batch) {
            for (var record : append.records) {
                var sent = producer.send(new ProducerRecord<>(
                        settings.topic(), partition, record.key().getBytes(StandardCharsets.UTF_8), record.value()));
                first = first == null ? sent : first;
            }
        }
        if (first == null) {
            writeBarrier();
        }
        return first;
    }

    private boolean take(List<Append> batch) {
        batch.clear();
        synchronized (lock) {
            while (waiting.isEmpty()) {
                if (closing) {
                    return false;
                }
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    closing = true;
                }
            }
            gather();
            int bytes = 0;
            while (!waiting.isEmpty() && batch.size() < LARGEST_BATCH) {
                bytes += waiting.peek().bytes;
                if (bytes > LARGEST_BATCH_BYTES && !batch.isEmpty()) {
                    break;
                }
                batch.add(waiting.poll());
            }
        }
        return true;
    }

    /// Without this, closed loops of callers fall apart into two halves that take turns, and every commit carries
    /// half of what it could.
    private void gather() {
        long until = System.nanoTime() + LONGEST_GATHERING.toNanos();
        gathering = true;
        while (!closing && waiting.size() < LARGEST_BATCH && deciding.getAsBoolean()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            } catch (InterruptedException e) {
                closing = true;
            }
        }
        gathering = false;
    }

    private void stop(LogFailure failure, List<Append> batch, boolean committing) {
        List<Append> behind;
        synchronized (lock) {
            if (stopped != null) {
                return;
            }
            stopped = failure;
            behind = List.copyOf(waiting);
            waiting.clear();
        }
        if (listener != null) {
            listener.stopped(failure);
        }
        batch.forEach(append -> append.failed(new AppendFailed(failure, !committing)));
        behind.forEach(append -> append.failed(new AppendFailed(failure, true)));
        producer.close(Duration.ZERO);
    }

    private LogFailure classified(Throwable e) {
        return KafkaFailures.classify("writing to partition " + partition + " of " + settings.topic(), e);
    }

    private static long firstSequence(List<Append> batch) {
        for (var append : batch) {
            if (!append.records.isEmpty()) {
                return append.records.getFirst().sequence();
            }
        }
        throw new IllegalStateException("a batch of barriers has no sequence");
    }

    private static int records(List<Append> batch) {
        int sum = 0;
        for (var append : batch) {
            sum += append.records.size();
        }
        return sum;
    }

    /// Writes what is waiting, then stops.
    @Override
    public final void close() {
        Thread running;
        synchronized (lock) {
            closing = true;
            lock.notify();
            running = thread;
        }
        try {
            if (running != null && Thread.currentThread() != running) {
                running.join(CLOSE_DEADLINE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop(LogFailure.closed("partition " + partition + " was closed"), List.of(), false);
    }
}
