package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.vpc.BoxId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What the launcher tells the demo.
///
/// @param box names the simulated cloud's VPC and everything in it
/// @param cluster the id that the certificates name
/// @param records where running processes are written down
/// @param data where sockets and the executors' state live
/// @param certificates the folder of the launcher's small certificate authority
/// @param cloudCommand starts the simulated cloud; its flags are added
/// @param serverCommand starts the control plane; its settings are environment
/// @param executorCommand starts an executor; its settings are environment
/// @param kafkaCommand starts Kafka again as the launcher has started it; empty if nobody is to stop it
/// @param postgresCommand the same for PostgreSQL
/// @param plugin the CNI binary
/// @param trouble the library of `testing/trouble`; empty if nobody gets into trouble
public record DemoSettings(
        BoxId box,
        String cluster,
        Path records,
        Path logs,
        Path data,
        Path certificates,
        List<String> cloudCommand,
        List<String> serverCommand,
        List<String> executorCommand,
        List<String> kafkaCommand,
        List<String> postgresCommand,
        Path plugin,
        Optional<Path> trouble) {

    public static final int NODES = 3;
    public static final int PODS = 30;
    public static final int EXCHANGED = 10;

    public DemoSettings {
        cloudCommand = List.copyOf(cloudCommand);
        serverCommand = List.copyOf(serverCommand);
        executorCommand = List.copyOf(executorCommand);
        kafkaCommand = List.copyOf(kafkaCommand);
        postgresCommand = List.copyOf(postgresCommand);
    }

    /// Node names; the instance of `node-1` is `i-node-1`.
    public static List<String> nodes() {
        return IntStream.rangeClosed(1, NODES)
                .mapToObj(index -> "node-" + index)
                .toList();
    }

    public static String instanceOf(String node) {
        return "i-" + node;
    }
}
