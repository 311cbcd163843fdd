package io.ledgerway.server.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Where the log is, and how its clients behave.
///
/// @param bootstrap Kafka's addresses, `host:port[,host:port]`
/// @param topic the log itself; its barrier topic is named after it
/// @param replicationFactor used only when the topics are created
/// @param client further properties of every Kafka client, for instance TLS; they win over ours
public record LogSettings(String bootstrap, String topic, short replicationFactor, Map<String, String> client) {

    public static final String TOPIC = "ledgerway-events";
    public static final String BARRIER_TOPIC = "ledgerway-barriers";

    /// A dead owner's open transaction is aborted by the broker after this time, if no successor does it
    /// before.
    static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(5);

    /// How long one request may take before it is sent again.
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

    /// How long a record or a commit is tried before the partition is given up and taken over anew.
    public static final Duration COMMIT_DEADLINE = Duration.ofSeconds(4);

    public LogSettings {
        Objects.requireNonNull(bootstrap, "bootstrap");
        Objects.requireNonNull(topic, "topic");
        if (replicationFactor < 1) {
            throw new IllegalArgumentException("a replication factor is at least 1, not " + replicationFactor);
        }
        client = Map.copyOf(client);
    }

    public static LogSettings at(String bootstrap) {
        return new LogSettings(bootstrap, TOPIC, (short) 1, Map.of());
    }

    public LogSettings withTopic(String other) {
        return new LogSettings(bootstrap, other, replicationFactor, client);
    }

    /// Side topic for answers that append nothing: `ledgerway-barriers` beside `ledgerway-events`.
    public String barrierTopic() {
        return topic.equals(TOPIC) ? BARRIER_TOPIC : topic + "-barriers";
    }

    String transactionalId(int partition) {
        return "ledgerway-writer-" + topic + "-" + partition;
    }

    Map<String, Object> properties(Map<String, Object> ours) {
        var all = new LinkedHashMap<String, Object>();
        all.put("bootstrap.servers", bootstrap);
        all.put("request.timeout.ms", (int) REQUEST_TIMEOUT.toMillis());
        all.put("reconnect.backoff.ms", 50);
        all.put("reconnect.backoff.max.ms", 500);
        all.putAll(ours);
        all.putAll(client);
        return all;
    }
}
