package io.ledgerway.server.kafka;

import io.ledgerway.domain.Envelope.Hash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads one partition's committed records in order and refuses to go on where one does not follow the one
/// before. Used by one thread at a time.
public final class PartitionReader<R> implements AutoCloseable {

    /// How long the log may take to show its next records before the reader gives up.
    public static final Duration STALL_DEADLINE = Duration.ofSeconds(15);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);

    private final LogSettings settings;
    private final TopicPartition partition;
    private final RecordCodec<R> codec;
    private final OffsetIndex index;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long next;
    private Hash last;

    private PartitionReader(
            LogSettings settings, int partition, RecordCodec<R> codec, OffsetIndex index, OffsetIndex.Entry start) {
        this.settings = settings;
        this.partition = new TopicPartition(settings.topic(), partition);
        this.codec = codec;
        this.index = index;
        consumer = new KafkaConsumer<>(
                settings.properties(Map.of(
                        "client.id",
                        "ledgerway-reader-" + settings.topic() + "-" + partition,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "none",
                        "allow.auto.create.topics",
                        false,
                        "max.poll.records",
                        10_000,
                        "max.partition.fetch.bytes",
                        8 << 20,
                        "default.api.timeout.ms",
                        (int) STALL_DEADLINE.toMillis())),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(this.partition));
        consumer.seek(this.partition, start.offset());
        next = start.sequence();
        last = start.sequence() == 0 ? Hash.NONE : null;
    }

    /// From the first record on.
    public static <R> PartitionReader<R> fromStart(LogSettings settings, int partition, RecordCodec<R> codec) {
        return fromStart(settings, partition, codec, new OffsetIndex());
    }

    /// From the first record on, noting in the index where the records are.
    public static <R> PartitionReader<R> fromStart(
            LogSettings settings, int partition, RecordCodec<R> codec, OffsetIndex index) {
        return new PartitionReader<>(settings, partition, codec, index, new OffsetIndex.Entry(0, 0));
    }

    /// From the nearest indexed record at or before `sequence`; the caller skips what it does not want.
    public static <R> PartitionReader<R> near(
            LogSettings settings, int partition, RecordCodec<R> codec, OffsetIndex index, long sequence) {
        return new PartitionReader<>(settings, partition, codec, index, index.before(sequence));
    }

    /// The sequence that the next record must have.
    public long nextSequence() {
        return next;
    }

    /// The hash of the record read last, zeros before the first one.
    public Hash lastHash() {
        if (last == null) {
            throw new IllegalStateException("the reader of " + partition + " has not read a record yet");
        }
        return last;
    }

    /// Hands over what has been committed since, waiting at most `wait` for the first record.
    ///
    /// @return how many records there were
    /// @throws BrokenLog if a record does not follow the one before
    public int poll(Duration wait, Consumer<R> to) {
        var records = consumer.poll(wait).records(partition);
        for (var record : records) {
            to.accept(checked(record));
        }
        return records.size();
    }

    /// Reads a first part of what is there, if there is anything.
    public void readSome(Consumer<R> to) {
        try {
            long end = LogEnd.of(settings, partition);
            long deadline = System.nanoTime() + STALL_DEADLINE.toNanos();
            while (consumer.position(partition) < end && poll(POLL, to) == 0 && System.nanoTime() < deadline) {
                // Nothing but the marks of transactions so far.
            }
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    /// Reads on until everything has been seen that was in the partition when this was called, other
    /// writers' open transactions included: it waits until the broker has ended them.
    public void readToEnd(Consumer<R> to) {
        try {
            long end = LogEnd.of(settings, partition);
            long deadline = System.nanoTime() + STALL_DEADLINE.toNanos();
            while (consumer.position(partition) < end) {
                long before = consumer.position(partition);
                poll(POLL, to);
                if (consumer.position(partition) > before) {
                    deadline = System.nanoTime() + STALL_DEADLINE.toNanos();
                } else if (System.nanoTime() > deadline) {
                    throw new LogUnreachable(
                            "reading " + partition + " at " + settings.bootstrap() + " stopped at offset " + before
                                    + " of " + end + " for " + STALL_DEADLINE
                                    + "; is a transaction of another writer still open?",
                            null);
                }
            }
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    private LogUnreachable unreachable(KafkaException e) {
        return new LogUnreachable("reading " + partition + " at " + settings.bootstrap() + " to its end: " + e, e);
    }

    private R checked(ConsumerRecord<byte[], byte[]> record) {
        R decoded;
        try {
            decoded = codec.decode(record.value());
        } catch (RuntimeException e) {
            throw new BrokenLog(where(record) + " cannot be read: " + e, e);
        }
        if (codec.sequence(decoded) != next) {
            throw new BrokenLog(where(record) + " has sequence " + codec.sequence(decoded) + ", expected was " + next);
        }
        if (last != null && !codec.previousHash(decoded).equals(last)) {
            throw new BrokenLog(where(record) + ", sequence " + next + ", says that the record before it has hash "
                    + codec.previousHash(decoded) + ", but that one has " + last);
        }
        var key = new String(record.key(), StandardCharsets.UTF_8);
        if (!key.equals(codec.key(decoded))) {
            throw new BrokenLog(where(record) + " has key " + key + " and holds a record of " + codec.key(decoded));
        }
        index.note(next, record.offset());
        last = Chain.hash(record.value());
        next++;
        return decoded;
    }

    private String where(ConsumerRecord<?, ?> record) {
        return "the record at offset " + record.offset() + " of " + partition;
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_DEADLINE));
    }
}
