package io.ledgerway.server.kafka;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The offset behind the last record, open transactions included. A committed reader that has come this far
/// has seen all of them end; the end that it is told itself lies before the first open transaction.
final class LogEnd {

    private LogEnd() {}

    static long of(LogSettings settings, TopicPartition partition) {
        try (var consumer = new KafkaConsumer<>(
                settings.properties(Map.of(
                        "client.id",
                        "ledgerway-end-" + partition,
                        "isolation.level",
                        "read_uncommitted",
                        "allow.auto.create.topics",
                        false,
                        "default.api.timeout.ms",
                        (int) PartitionReader.STALL_DEADLINE.toMillis())),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            return consumer.endOffsets(List.of(partition)).get(partition);
        }
    }
}
