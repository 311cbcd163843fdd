package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Differences;
import io.ledgerway.simulation.demo.Health;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.time.Duration;

/// The control plane starts with neither Kafka nor PostgreSQL there, says so, and gets ready when they come.
public final class StartAlone implements Step {

    private static final Duration TO_SPEAK = Duration.ofSeconds(60);
    private static final Duration TO_AGREE = Duration.ofSeconds(30);

    @Override
    public String title() {
        return "starting the control plane before Kafka and PostgreSQL";
    }

    @Override
    public void run(Scene scene) {
        var stage = scene.stage();
        stage.killControlPlane();
        stage.kafka().kill();
        stage.postgres().kill();
        stage.startControlPlane();
        Processes.await(() -> stage.health().filter(StartAlone::namesBoth).isPresent(), TO_SPEAK);
        var alone = stage.health();
        stage.kafka().start();
        stage.postgres().start();
        stage.awaitControlPlane();

        scene.checks()
                .add(
                        "started alone the control plane is not ready, and says what it tries to reach",
                        alone.filter(health -> !health.ready() && namesBoth(health))
                                .isPresent(),
                        alone.map(health -> health.told("log") + "; " + health.told("postgres"))
                                .orElse("it said nothing"));
        var added = scene.stage().nodes().keySet().stream()
                .map(scene.sandboxes()::addOne)
                .toList();
        scene.awaitTold(TO_AGREE);
        Processes.await(() -> scene.projected().size() == scene.folded().size(), TO_AGREE);
        var differences = Differences.between("PostgreSQL", scene.projected(), "the fold", scene.folded());
        scene.checks()
                .add(
                        "it gets ready when Kafka and PostgreSQL come, and goes on with what the log has",
                        differences.isEmpty()
                                && scene.folded().size()
                                        == scene.sandboxes().all().size(),
                        differences.isEmpty()
                                ? added.size() + " pods added, one on each node; "
                                        + scene.folded().size()
                                        + " addresses bound, the same in the fold and in PostgreSQL"
                                : differences.toString());
    }

    private static boolean namesBoth(Health health) {
        return health.of("log").equals("down")
                && health.data().getOrDefault("log.kafka", "").equals(KafkaAway.broker())
                && health.told("log").contains("partition-")
                && health.of("postgres").equals("away")
                && health.data().containsKey("postgres.problem");
    }
}
