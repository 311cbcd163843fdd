package io.ledgerway.server.kafka;

import io.ledgerway.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;

/// One real broker for all the tests of a run; each test makes topics of its own in it.
public final class Broker {

    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static EmbeddedKafka broker;

    private Broker() {}

    public static synchronized String bootstrap() {
        if (broker == null) {
            try {
                var data = Files.createTempDirectory("ledgerway-broker");
                broker = EmbeddedKafka.start(data, 0);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    broker.close();
                    delete(data);
                }));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return broker.bootstrapServers();
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
