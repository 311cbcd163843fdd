package io.ledgerway.server.kafka;

import io.ledgerway.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;

/// One real broker for all the tests of a run; each test makes topics of its own in it.
public final class Broker {

    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static EmbeddedKafka broker;

    private Broker() {}

    public static synchronized String bootstrap() {
        if (broker == null) {
            try {
                broker = EmbeddedKafka.start(Files.createTempDirectory("ledgerway-broker"), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> broker.close()));
        }
        return broker.bootstrapServers();
    }

    /// A log that nobody else uses, its topics not made yet.
    public static LogSettings freshLog(String name) {
        return LogSettings.at(bootstrap()).withTopic("test-" + name + "-" + TOPICS.incrementAndGet());
    }

    public static LogSettings freshLog(String name, int partitions) {
        var settings = freshLog(name);
        LogTopics.ensure(settings, partitions);
        return settings;
    }
}
