package io.ledgerway.server.testing;

import io.ledgerway.embedded.EmbeddedKafka;
import io.ledgerway.simulator.Fabric;
import io.ledgerway.simulator.Setup;
import io.ledgerway.simulator.Simulator;
import io.ledgerway.simulator.SimulatorConfiguration;
import io.ledgerway.simulator.cloud.CloudSettings;
import io.ledgerway.simulator.cloud.Latencies;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a control plane stands on: a broker, a simulated cloud, certificates; no PostgreSQL.
public class Surroundings implements QuarkusTestResourceLifecycleManager {

    public static final String CLUSTER = "test-cluster";
    public static final String OPERATOR_TOKEN = "an-operators-token-for-tests";

    /// Shorter than any patience of a test, and longer than a busy machine takes to answer.
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(3);
    private static Surroundings running;

    private Path folder;
    private EmbeddedKafka kafka;
    private Simulator simulator;
    private TestAuthority authority;
    private TestAuthority stranger;
    private int tlsPort;
    private int plainPort;

    public static Surroundings running() {
        return running;
    }

    @Override
    public Map<String, String> start() {
        try {
            folder = Files.createTempDirectory("ledgerway-control-plane");
            kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
            var setup = Setup.empty()
                    .with(new Setup.VSwitchSetup("vsw-a", "vpc-1", "cn-hangzhou-h", "10.1.0.0/24"))
                    .with(new Setup.SecurityGroupSetup("sg-1", "vpc-1"));
            for (var instance : List.of("i-1", "i-2", "i-3")) {
                setup = setup.with(
                        new Setup.InstanceSetup(instance, instance, "ecs.g7.xlarge", "vsw-a", List.of("sg-1"), null));
            }
            simulator = Simulator.start(
                    SimulatorConfiguration.local("ak", "sk", CloudSettings.of("cn-hangzhou", Latencies.realistic(0.01)))
                            .with(setup),
                    Fabric.none());
            authority = new TestAuthority(Files.createDirectory(folder.resolve("pki")), "ca");
            stranger = new TestAuthority(Files.createDirectory(folder.resolve("other")), "other");
            tlsPort = freePort();
            plainPort = freePort();
        } catch (IOException e) {
            throw new IllegalStateException("the surroundings of the control plane did not start", e);
        }
        running = this;
        var server = authority.server();
        var settings = new LinkedHashMap<String, String>();
        settings.put("ledgerway.cluster-id", CLUSTER);
        settings.put("ledgerway.log.partitions", "2");
        settings.put("ledgerway.kafka.bootstrap-servers", kafka.bootstrapServers());
        settings.put("ledgerway.node-api.certificate", server.certificate().toString());
        settings.put("ledgerway.node-api.key", server.key().toString());
        settings.put("ledgerway.node-api.client-ca", authority.certificate().toString());
        settings.put("ledgerway.ecs.endpoint", simulator.endpoint());
        settings.put("ledgerway.ecs.scheme", "http");
        settings.put("ledgerway.ecs.access-key-id", "ak");
        settings.put("ledgerway.ecs.access-key-secret", "sk");
        settings.put("ledgerway.pool.low-watermark", "3");
        settings.put("ledgerway.pool.high-watermark", "6");
        settings.put("ledgerway.pool.batch", "4");
        settings.put("ledgerway.pool.cool-down", "PT0.2S");
        settings.put("ledgerway.pool.v-switches", "vsw-a");
        settings.put("ledgerway.pool.security-groups", "sg-1");
        settings.put("ledgerway.pool.offline-reserve", "0");
        settings.put("ledgerway.http.operator-token", OPERATOR_TOKEN);
        settings.put("ledgerway.nodes.look-every", "PT0.5S");
        settings.put("ledgerway.nodes.look-at-silent-every", "PT0.2S");
        settings.put("ledgerway.nodes.evidence-apart", "PT0.3S");
        settings.put("ledgerway.nodes.drain-window", "PT1S");
        settings.put("ledgerway.node-api.keep-alive", KEEP_ALIVE.toString());
        settings.put("ledgerway.node-api.keep-alive-timeout", KEEP_ALIVE_TIMEOUT.toString());
        settings.put("ledgerway.postgres.url", "jdbc:postgresql://127.0.0.1:1/none");
        settings.put("quarkus.http.test-port", String.valueOf(plainPort));
        settings.put("quarkus.http.test-ssl-port", String.valueOf(tlsPort));
        return settings;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// What only the cloud's operator may do.
    public Simulator cloud() {
        return simulator;
    }

    public TestAuthority authority() {
        return authority;
    }

    public TestAuthority stranger() {
        return stranger;
    }

    public int tlsPort() {
        return tlsPort;
    }

    public int plainPort() {
        return plainPort;
    }

    @Override
    public void stop() {
        simulator.close();
        kafka.close();
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new IllegalStateException("removing " + folder + " failed", e);
        }
    }
}
