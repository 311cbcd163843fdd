package io.ledgerway.simulation.up;

import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Stage;
import io.ledgerway.simulation.demo.StageOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `up`: the simulated cloud, the control plane and an executor for each node, going on from what they left when they
/// were stopped. What runs already stays; only what depends on something that had to be started is started with it.
@Command(
        name = "up",
        description = "Starts what is not running of the cloud, the control plane and the node executors.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class UpCommand implements Callable<Integer> {

    @Mixin
    private StageOptions options;

    @Option(names = "--node", required = true, description = "a node; may be repeated")
    private List<String> nodes;

    @Option(
            names = "--boot",
            required = true,
            description =
                    "names the time in which pods' network namespaces last; another one is a reboot of every node")
    private String boot;

    @Option(names = "--http-port", required = true, description = "where the control plane answers people")
    private int httpPort;

    @Option(names = "--node-api-port", required = true, description = "where the control plane answers nodes")
    private int nodeApiPort;

    @Override
    public Integer call() {
        var kept = new Stage.Kept(boot, httpPort, nodeApiPort);
        var plan = new Stage.Plan(nodes, "ecs.g7.xlarge", Map.of(), Optional.of(kept));
        try (var stage = new Stage(options.settings(), plan)) {
            start(stage);
            stage.keep();
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            return 1;
        }
        return 0;
    }

    /// A cloud that starts makes its instances' namespaces anew and listens elsewhere, so everything starts after it.
    private static void start(Stage stage) {
        boolean sameCloud = stage.adoptCloud();
        if (!sameCloud) {
            stage.startCloud();
        }
        if (!sameCloud || !stage.adoptControlPlane()) {
            stage.startControlPlane();
        }
        stage.describeNodes();
        stage.awaitControlPlane();
        var started = stage.nodes().values().stream()
                .filter(node -> !sameCloud || !node.adoptExecutor())
                .toList();
        started.forEach(Node::startExecutor);
        started.forEach(Node::awaitExecutor);
        stage.awaitRegistration();
    }
}
