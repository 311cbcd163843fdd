package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.CniPlugin;
import io.ledgerway.simulation.demo.Health;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Snapshot;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.demo.Tables;
import io.ledgerway.simulation.vpc.Namespaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Kafka is killed: ADD and DEL are told to come again and leave nothing half made; when Kafka is back they succeed,
/// and
/// nothing is there twice.
public final class LogAway implements Step {

    private static final Duration TO_NOTICE = Duration.ofSeconds(30);
    private static final Duration TO_RETURN = Duration.ofSeconds(60);
    private static final int TRY_AGAIN_LATER = 11;

    @Override
    public String title() {
        return "adding and deleting pods while Kafka is away";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        var node = scene.stage().nodes().firstEntry().getKey();
        var pod = scene.sandboxes().newPod(node);
        var leaving = scene.sandboxes().all().stream()
                .filter(each -> each.pod().node().equals(node))
                .findFirst()
                .orElseThrow();
        var before = Snapshot.whole(scene);

        scene.stage().kafka().kill();
        var answers = new ArrayList<CniPlugin.Answer>();
        answers.add(scene.sandboxes().tryAdd(pod));
        var health = awaitAway(scene);
        answers.add(scene.sandboxes().tryAdd(pod));
        answers.add(scene.sandboxes().tryDelete(leaving));
        var kernel = Snapshot.kernel(Namespaces.withPrefix(scene.box().prefix()));
        scene.stage().kafka().start();
        long started = System.nanoTime();
        boolean ready = Processes.await(
                () -> scene.stage().health().filter(Health::ready).isPresent(), TO_RETURN);
        scene.figures().add(KillAndRestart.seconds("control plane, from Kafka's start to ready", started));

        tellRefusals(scene, answers, health, before.kernel().equals(kernel));
        var after = Snapshot.whole(scene);
        var changes = before.changes(after);
        scene.checks()
                .add(
                        "the log has nothing of what was refused",
                        ready && changes.isEmpty(),
                        changes.isEmpty()
                                ? "kernel, database and desired state are the same after Kafka's return, before a retry"
                                : changes.toString());
        tellRetries(scene, pod.uid().toString(), scene.sandboxes().tryAdd(pod));
        scene.sandboxes().removeOne(leaving);
    }

    private static Health awaitAway(Scene scene) {
        Processes.await(() -> scene.stage().health().filter(now -> !now.ready()).isPresent(), TO_NOTICE);
        return scene.stage()
                .health()
                .orElseThrow(() -> new IllegalStateException("the control plane says nothing of itself"));
    }

    private static void tellRefusals(
            Scene scene, List<CniPlugin.Answer> answers, Health health, boolean kernelIsTheSame) {
        boolean refused = answers.stream().allMatch(answer -> answer.code() == TRY_AGAIN_LATER);
        scene.checks()
                .add(
                        "without the log ADD and DEL are told to come again, and no pod is half made",
                        refused && kernelIsTheSame,
                        (kernelIsTheSame ? "the kernel is as before; " : "the kernel is not as before; ")
                                + answers.get(1).error());
        scene.checks()
                .add(
                        "the control plane is not ready without the log, and says what it tried and what came back",
                        !health.ready()
                                && health.of("log").equals("down")
                                && health.data().getOrDefault("log.kafka", "").equals(KafkaAway.broker())
                                && health.told("log").contains("partition-"),
                        health.told("log"));
    }

    private static void tellRetries(Scene scene, String uid, CniPlugin.Answer answer) {
        scene.settle();
        var holders = scene.projected().stream()
                .filter(fact -> fact.podUid().equals(uid))
                .toList();
        var bound = scene.folded().stream()
                .filter(fact -> fact.podUid().equals(uid))
                .toList();
        var ever = Tables.history().stream()
                .filter(holding -> holding.podUid().equals(uid))
                .count();
        scene.checks()
                .add(
                        "the retry after Kafka's return succeeds, and nothing is there twice",
                        answer.succeeded() && holders.equals(bound) && holders.size() == 1 && ever == 1,
                        answer.succeeded()
                                ? "one holding ever, the same in PostgreSQL and in the fold: " + holders
                                : answer.error());
    }
}
