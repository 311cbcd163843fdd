package io.ledgerway.server.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Makes the log's topics, or checks that those which exist are fit to be a log.
public final class LogTopics {

    /// How long Kafka may take to answer one question about the topics.
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    /// Nothing of the log is ever dropped. No codec is named that needs zstd's native library on every reader.
    private static final Map<String, String> EVENTS = Map.of(
            "cleanup.policy", "delete",
            "retention.ms", "-1",
            "retention.bytes", "-1",
            "compression.type", "producer",
            "unclean.leader.election.enable", "false");

    /// Barriers are worth nothing once they are committed.
    private static final Map<String, String> BARRIERS = Map.of(
            "cleanup.policy", "delete",
            "retention.ms", "600000",
            "segment.ms", "600000",
            "segment.bytes", "16777216");

    private LogTopics() {}

    /// @throws UnfitLog if the topic exists with other partitions, or would forget records
    /// @throws LogUnreachable if Kafka did not answer
    public static void ensure(LogSettings settings, int partitions) {
        try (var admin = Admin.create(settings.properties(
                Map.of("default.api.timeout.ms", (int) DEADLINE.toMillis(), "client.id", "ledgerway-topics")))) {
            ensure(admin, settings, settings.topic(), partitions, EVENTS);
            ensure(admin, settings, settings.barrierTopic(), partitions, BARRIERS);
            checkRetention(admin, settings.topic());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnreachable(
                    "interrupted while asking Kafka at " + settings.bootstrap() + " for its topics", e);
        } catch (ExecutionException | TimeoutException | org.apache.kafka.common.KafkaException e) {
            throw new LogUnreachable(
                    "Kafka at " + settings.bootstrap() + " was asked for topic " + settings.topic() + ": " + cause(e),
                    e);
        }
    }

    private static void ensure(
            Admin admin, LogSettings settings, String topic, int partitions, Map<String, String> configuration)
            throws InterruptedException, ExecutionException, TimeoutException {
        var known = describe(admin, topic);
        if (known == null) {
            create(admin, settings, topic, partitions, configuration);
        } else if (known.partitions().size() != partitions) {
            throw new UnfitLog("topic " + topic + " at " + settings.bootstrap() + " has "
                    + known.partitions().size() + " partitions and the configuration says " + partitions
                    + "; the number is fixed for ever when the log is made");
        }
    }

    private static TopicDescription describe(Admin admin, String topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw e;
        }
    }

    private static void create(
            Admin admin, LogSettings settings, String topic, int partitions, Map<String, String> configuration)
            throws InterruptedException, ExecutionException, TimeoutException {
        var all = new LinkedHashMap<>(configuration);
        if (settings.replicationFactor() > 2) {
            all.put("min.insync.replicas", "2");
        }
        try {
            await(admin.createTopics(
                            List.of(new NewTopic(topic, partitions, settings.replicationFactor()).configs(all)))
                    .all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
            ensure(admin, settings, topic, partitions, configuration);
        }
    }

    private static void checkRetention(Admin admin, String topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var entries = await(admin.describeConfigs(List.of(resource)).all()).get(resource);
        require(topic, entries.get("cleanup.policy").value(), "cleanup.policy", "delete");
        require(topic, entries.get("retention.ms").value(), "retention.ms", "-1");
        require(topic, entries.get("retention.bytes").value(), "retention.bytes", "-1");
        if ("zstd".equals(entries.get("compression.type").value())) {
            throw new UnfitLog("topic " + topic + " has compression.type zstd; use producer, none or lz4");
        }
    }

    private static void require(String topic, String found, String name, String expected) {
        if (!expected.equals(found)) {
            throw new UnfitLog("topic " + topic + " has " + name + "=" + found
                    + ", so it would forget records; a log needs " + name + "=" + expected);
        }
    }

    private static <T> T await(KafkaFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String cause(Exception e) {
        return e instanceof ExecutionException ? String.valueOf(e.getCause()) : e.toString();
    }
}
