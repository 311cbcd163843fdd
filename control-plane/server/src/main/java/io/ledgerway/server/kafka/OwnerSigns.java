package io.ledgerway.server.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// What a partition's owner writes, for whoever stands by: only an owner that no other one has fenced can move the end
/// of the log or of its barriers. Used by one thread.
///
/// Not final, so that tests can say what is seen.
public class OwnerSigns implements AutoCloseable {

    /// How long Kafka may take to say where the ends are.
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private static final Duration CLOSE_DEADLINE = Duration.ofMillis(500);

    private final LogSettings settings;
    private final List<TopicPartition> written;
    private KafkaConsumer<byte[], byte[]> consumer;

    public OwnerSigns(LogSettings settings, int partition) {
        this.settings = settings;
        written = List.of(
                new TopicPartition(settings.topic(), partition),
                new TopicPartition(settings.barrierTopic(), partition));
    }

    /// How much has been written so far; the same twice means that nobody has written in between.
    ///
    /// @throws LogUnreachable if Kafka did not answer, which says nothing about the owner
    public long count() {
        try {
            if (consumer == null) {
                consumer = consumer();
            }
            return consumer.endOffsets(written).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        } catch (KafkaException e) {
            throw new LogUnreachable("asking for the ends of " + written + " at " + settings.bootstrap() + ": " + e, e);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                settings.properties(Map.of(
                        "client.id",
                        "ledgerway-standby-" + written.getFirst(),
                        "isolation.level",
                        "read_uncommitted",
                        "allow.auto.create.topics",
                        false,
                        "default.api.timeout.ms",
                        (int) DEADLINE.toMillis())),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public final void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(CLOSE_DEADLINE));
        }
    }
}
