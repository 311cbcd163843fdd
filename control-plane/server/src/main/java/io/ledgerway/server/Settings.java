package io.ledgerway.server;

import io.ledgerway.domain.node.PoolTarget.VSwitchSelection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Everything that an operator may set, under `ledgerway.`; docs/configuration.md lists it for readers.
@ConfigMapping(prefix = "ledgerway")
public interface Settings {

    /// Names the log; it is recorded with the first event and never changes.
    String clusterId();

    Log log();

    Kafka kafka();

    NodeApi nodeApi();

    Http http();

    Pool pool();

    Nodes nodes();

    Ecs ecs();

    Postgres postgres();

    interface Log {
        @WithDefault("ledgerway-events")
        String topic();

        /// For ever: a log that was made with another number is refused.
        @WithDefault("4")
        int partitions();

        @WithDefault("1")
        short replicationFactor();
    }

    interface Kafka {
        @WithDefault("127.0.0.1:9092")
        String bootstrapServers();
    }

    interface NodeApi {
        /// Where nodes come in; REST answers there too, over TLS.
        @WithDefault("0.0.0.0")
        String host();

        @WithDefault("7443")
        int port();

        /// Where nodes reach this replica, `host:port`; recorded when it takes a partition over.
        Optional<String> advertised();

        /// How long an answer may take before the node is told that its outcome is unknown.
        @WithDefault("PT10S")
        Duration deadline();

        /// How often the other end of a watch is asked whether it is there.
        @WithDefault("PT10S")
        Duration keepAlive();

        /// How long it may take to answer.
        @WithDefault("PT5S")
        Duration keepAliveTimeout();

        Optional<String> certificate();

        Optional<String> key();

        /// The certificate authority of the nodes, PEM.
        Optional<String> clientCa();
    }

    interface Http {
        /// Of the plain port.
        @WithDefault("127.0.0.1")
        String host();

        @WithDefault("7080")
        int port();

        /// Who shows it may declare nodes lost and retire them; without one nobody may.
        Optional<String> operatorToken();

        /// Whether the token may cross a network as it is, where the plain port is open to one.
        @WithDefault("false")
        boolean tokenInPlain();
    }

    interface Pool {
        @WithDefault("8")
        int lowWatermark();

        @WithDefault("16")
        int highWatermark();

        /// On top of both watermarks, for pods that come while the log cannot be reached.
        @WithDefault("2")
        int offlineReserve();

        @WithDefault("8")
        int batch();

        @WithDefault("PT30S")
        Duration coolDown();

        @WithDefault("ORDERED")
        VSwitchSelection selection();

        Optional<List<String>> vSwitches();

        Optional<List<String>> securityGroups();
    }

    interface Nodes {
        /// How often ECS is asked about the instances of nodes that are connected.
        @WithDefault("PT1M")
        Duration lookEvery();

        /// The same for nodes that are not.
        @WithDefault("PT10S")
        Duration lookAtSilentEvery();

        /// At least between the two looks that make one evidence.
        @WithDefault("PT5S")
        Duration evidenceApart();

        /// How many nodes whose instances are gone are taken apart within the window without an operator's word.
        @WithDefault("3")
        int drainCap();

        @WithDefault("PT10M")
        Duration drainWindow();
    }

    interface Ecs {
        /// `host[:port]`; the region's public endpoint if it is not set.
        Optional<String> endpoint();

        @WithDefault("https")
        String scheme();

        @WithDefault("cn-hangzhou")
        String region();

        Optional<String> accessKeyId();

        Optional<String> accessKeySecret();

        Optional<String> securityToken();

        @WithDefault("PT10S")
        Duration timeout();

        /// How long a vSwitch that has no address left is not asked again.
        @WithDefault("PT10M")
        Duration vSwitchRest();

        /// How long a node asks for no more after ECS has refused, or named a limit.
        @WithDefault("PT5M")
        Duration refusalRest();

        /// How often ECS is asked for all that is ours by its tags.
        @WithDefault("PT10M")
        Duration sweepEvery();

        /// For how long something of ours has to be unknown to the log before it goes back.
        @WithDefault("PT30M")
        Duration strayAfter();
    }

    interface Postgres {
        @WithDefault("jdbc:postgresql://127.0.0.1:5432/ledgerway")
        String url();

        @WithDefault("ledgerway")
        String user();

        Optional<String> password();
    }
}
