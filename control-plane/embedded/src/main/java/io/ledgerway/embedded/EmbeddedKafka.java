package io.ledgerway.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.LogManager;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/// A real Kafka broker, its own KRaft controller, on the loopback address. The data folder survives restarts.
public final class EmbeddedKafka implements AutoCloseable {
    private static final int NODE_ID = 1;
    private static final int BIND_ATTEMPTS = 5;
    private static final String HOST = "127.0.0.1";

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /// Returns when the broker answers clients. Port 0 takes any free one; the controller always does.
    public static EmbeddedKafka start(Path dataDirectory, int port) {
        if (port != 0) {
            FreePorts.refuseIfTaken(port);
        }
        format(dataDirectory);
        RuntimeException lastFailure = null;
        for (int attempt = 0; attempt < BIND_ATTEMPTS; attempt++) {
            List<Integer> free = FreePorts.pick(2);
            int brokerPort = port == 0 ? free.getFirst() : port;
            Map<String, String> settings = settings(dataDirectory, brokerPort, free.getLast());
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
            try {
                server.startup();
                return new EmbeddedKafka(server, HOST + ":" + brokerPort);
            } catch (RuntimeException e) {
                lastFailure = e;
                server.shutdown();
                server.awaitShutdown();
                if (!lostTheRaceForAPort(e)) {
                    break;
                }
            }
        }
        throw new IllegalStateException(
                "Kafka did not start in " + dataDirectory + " on port " + port + ": " + lastFailure.getMessage(),
                lastFailure);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /// A controlled shutdown: the next start on the same folder need not wait for the session of this one to expire.
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static boolean lostTheRaceForAPort(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static void format(Path dataDirectory) {
        if (Files.exists(dataDirectory.resolve("meta.properties"))) {
            return;
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            Files.createDirectories(dataDirectory);
            new Formatter()
                    .setPrintStream(new PrintStream(said, true, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE_ID)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(dataDirectory.toString())
                    .addDirectory(dataDirectory.toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "formatting the Kafka folder " + dataDirectory + " failed: "
                            + said.toString(StandardCharsets.UTF_8),
                    e);
        }
    }

    private static Map<String, String> settings(Path dataDirectory, int brokerPort, int controllerPort) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE_ID));
        settings.put("log.dirs", dataDirectory.toString());
        settings.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
        settings.put(
                "listeners", "BROKER://" + HOST + ":" + brokerPort + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.put("advertised.listeners", "BROKER://" + HOST + ":" + brokerPort);
        settings.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "BROKER");
        settings.put("controller.listener.names", "CONTROLLER");
        singleNode(settings);
        transactions(settings);
        // The log is the truth: nothing is created by a typing error and nothing expires.
        settings.put("auto.create.topics.enable", "false");
        settings.put("log.retention.ms", "-1");
        settings.put("log.cleaner.dedupe.buffer.size", "16777216");
        return settings;
    }

    private static void singleNode(Map<String, String> settings) {
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("num.io.threads", "4");
        settings.put("num.network.threads", "2");
        // Without a controlled shutdown, or after a crash, the next start waits for the old session to expire.
        settings.put("controlled.shutdown.enable", "true");
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("broker.heartbeat.interval.ms", "500");
    }

    private static void transactions(Map<String, String> settings) {
        // By default the broker sleeps 20 ms when a transaction begins right after a commit: two to three times slower.
        settings.put("add.partitions.to.txn.retry.backoff.ms", "1");
        settings.put("transaction.max.timeout.ms", "60000");
        // A dead owner's open transaction holds back its readers until this sweep finds it expired.
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    }

    /// Arguments: data folder and port. Prints one line when ready, stops on SIGTERM.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("expected two arguments, the data folder and the port");
        }
        if (System.getProperty("java.util.logging.config.file") == null) {
            try (InputStream quiet = EmbeddedKafka.class.getResourceAsStream("/embedded-logging.properties")) {
                LogManager.getLogManager().readConfiguration(quiet);
            }
        }
        EmbeddedKafka kafka = start(Path.of(arguments[0]).toAbsolutePath(), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop-kafka"));
        System.out.println("ready " + kafka.bootstrapServers());
        kafka.server.awaitShutdown();
    }
}
