package io.ledgerway.server.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// What an owner leaves behind who dies between writing and committing.
public final class OpenTransaction {

    private OpenTransaction() {}

    /// Writes the record that would follow `last` and never commits it.
    public static <R> void leaveBehind(
            LogSettings settings, int partition, R last, RecordCodec<R> codec, UnaryOperator<R> following) {
        var producer = new KafkaProducer<>(
                settings.properties(Map.of(
                        "transactional.id", settings.transactionalId(partition), "transaction.timeout.ms", 60_000)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        var record = following.apply(last);
        producer.send(new ProducerRecord<>(
                settings.topic(), partition, codec.key(record).getBytes(StandardCharsets.UTF_8), codec.encode(record)));
        producer.flush();
        producer.close(Duration.ZERO);
    }
}
