package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.vpc.Namespaces;
import java.util.List;
import java.util.Map;

/// Pods come and go on one node, and the usual questions are asked. Proves nothing, and fails where the product does.
final class Rehearsal {

    private static final String NODE = "node-1";
    private static final int ROUNDS = 12;
    private static final int PODS = 8;

    private final DemoSettings settings;

    Rehearsal(DemoSettings settings) {
        this.settings = settings;
    }

    void run() {
        try (var stage = new Stage(settings, new Stage.Plan(List.of(NODE), "ecs.g7.xlarge", Map.of()))) {
            stage.startCloud();
            stage.startControlPlane();
            stage.describeNodes();
            var node = stage.nodes().get(NODE);
            node.startExecutor();
            stage.awaitControlPlane();
            node.awaitExecutor();
            stage.awaitRegistration();
            var sandboxes = new Sandboxes(settings.box(), new CniPlugin(settings.plugin()), stage.nodes());
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    var pods = sandboxes.add(PODS, done -> {});
                    pods.forEach(sandboxes::check);
                    ask(stage, pods.getFirst());
                    sandboxes.remove(pods, done -> {});
                }
            } finally {
                sandboxes.all().forEach(left -> Namespaces.end(left.pod().netns()));
            }
        }
    }

    private static void ask(Stage stage, Sandboxes.Running pod) {
        stage.ask("/v1/nodes");
        stage.ask("/v1/nodes/" + NODE);
        stage.ask("/v1/holdings");
        stage.ask("/v1/audit/addresses/" + pod.address());
        stage.ask("/v1/audit/pods/" + pod.pod().uid());
        stage.ask("/v1/log");
    }
}
