package io.ledgerway.server.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// What a benchmark measures the log against: a transactional producer with the same group commit, and nothing else.
/// No decision, no order, no chain; it writes to a topic of its own.
public final class BareGroupCommit implements AutoCloseable {

    private static final Duration IDLE = Duration.ofMillis(50);

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final LinkedBlockingQueue<Append> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    private record Append(List<byte[]> values, CompletableFuture<Void> durable) {}

    /// @param settings of a topic that holds no log
    public BareGroupCommit(LogSettings settings) {
        topic = settings.topic();
        producer = new KafkaProducer<>(
                settings.properties(Map.of(
                        "transactional.id",
                        "ledgerway-bare-" + topic,
                        "transaction.timeout.ms",
                        (int) LogSettings.TRANSACTION_TIMEOUT.toMillis(),
                        "acks",
                        "all",
                        "linger.ms",
                        0,
                        "batch.size",
                        1 << 18)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        thread = Thread.ofPlatform().daemon().name("bare-group-commit").start(this::run);
    }

    /// Completes once all the values are durable.
    public CompletableFuture<Void> append(List<byte[]> values) {
        var durable = new CompletableFuture<Void>();
        waiting.add(new Append(values, durable));
        return durable;
    }

    private void run() {
        var batch = new ArrayList<Append>();
        try {
            while (!closed) {
                var first = waiting.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch, PartitionWriter.LARGEST_BATCH - 1);
                commit(batch);
                batch.clear();
            }
        } catch (InterruptedException | RuntimeException e) {
            batch.forEach(append -> append.durable.completeExceptionally(e));
        }
        producer.close(Duration.ZERO);
    }

    private void commit(List<Append> batch) {
        producer.beginTransaction();
        for (var append : batch) {
            for (var value : append.values) {
                producer.send(new ProducerRecord<>(topic, 0, null, value));
            }
        }
        producer.commitTransaction();
        batch.forEach(append -> append.durable.complete(null));
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(PartitionWriter.CLOSE_DEADLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
