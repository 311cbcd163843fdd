package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.probe.Ping;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Kafka is killed. Pods come and go on every node at once; one executor is killed meanwhile and goes on from its disk,
/// another one loses its disk too. When Kafka is back the log hears of everything with its original time, and of what
/// only the lost disk knew from the kernel.
public final class KafkaAway implements Step {

    private static final Duration TO_NOTICE = Duration.ofSeconds(30);
    private static final int ROUNDS = 2;
    private static final int TRY_AGAIN_LATER = 11;

    /// What came of a node that lost its disk.
    ///
    /// @param only a pod that came while the log was away, and runs
    /// @param answer to an ADD without disk and log
    private record DiskLost(String node, Sandboxes.Running only, int answer) {

        /// A moment in which it held its address, and of which no record can be left.
        Instant moment() {
            return only.since();
        }
    }

    @Override
    public String title() {
        return "adding and deleting pods on every node while Kafka is away";
    }

    @Override
    public void run(Scene scene) {
        var outage = Outage.begin(scene, Absence.KAFKA_KILLED);
        var failures = new ArrayList<String>();
        for (int round = 0; round < ROUNDS; round++) {
            comeAndGo(scene, failures);
        }
        restartExecutor(scene, failures);
        outage.tellCalls(failures);
        tellHealth(scene);
        tellPings(scene);
        var lost = loseDisk(scene);
        outage.end();
        var unknown = outage.knownOnlyTo(lost.node());
        outage.tellTimes(unknown);
        tellAdoption(scene, lost);
        tellGap(scene, lost);
        Agreement.tell(scene, "by an outage in which an executor was killed and another one lost its disk");
    }

    /// On each node a pod comes, and the oldest one goes.
    private static void comeAndGo(Scene scene, List<String> failures) {
        for (var node : scene.stage().nodes().keySet()) {
            var pod = scene.sandboxes().newPod(node);
            var added = scene.sandboxes().tryAdd(pod);
            if (!added.succeeded()) {
                failures.add("ADD on " + node + ": " + added.error());
            }
            var oldest = scene.sandboxes().on(node).getFirst();
            var deleted = scene.sandboxes().tryDelete(oldest);
            if (deleted.succeeded()) {
                scene.sandboxes().end(oldest);
            } else {
                failures.add("DEL on " + node + ": " + deleted.error());
            }
        }
    }

    private static void tellHealth(Scene scene) {
        Processes.await(() -> scene.stage().health().filter(now -> !now.ready()).isPresent(), TO_NOTICE);
        var health = scene.stage().health();
        scene.checks()
                .add(
                        "the control plane is not ready without the log, and says what it tried and what came back",
                        health.filter(now -> !now.ready()
                                        && now.of("log").equals("down")
                                        && now.data()
                                                .getOrDefault("log.kafka", "")
                                                .equals(broker())
                                        && now.told("log").contains("partition-"))
                                .isPresent(),
                        health.map(now -> now.told("log")).orElse("it says nothing"));
    }

    /// The address that the launcher has told everybody.
    static String broker() {
        return System.getenv("LEDGERWAY_KAFKA_BOOTSTRAP_SERVERS");
    }

    private static void tellPings(Scene scene) {
        var matrix = Ping.matrix(scene.stations(), done -> {});
        scene.checks()
                .add(
                        "old and new pods reach each other while Kafka is away",
                        matrix.pairs() > 0 && matrix.lost().isEmpty(),
                        matrix.pairs() - matrix.lost().size() + " of " + matrix.pairs() + " pings were answered"
                                + (matrix.lost().isEmpty() ? "" : "; lost: " + matrix.lost()));
    }

    /// The first node's executor is killed and started again while the log is away.
    private static void restartExecutor(Scene scene, List<String> failures) {
        var node = scene.stage().nodes().firstEntry().getValue();
        node.killExecutor();
        node.startExecutor();
        node.awaitExecutor();
        var before = failures.size();
        comeAndGo(scene, failures);
        var wrong = new ArrayList<>(failures.subList(before, failures.size()));
        for (var each : scene.sandboxes().on(node.name())) {
            var answer = scene.sandboxes().check(each);
            if (!answer.succeeded()) {
                wrong.add("CHECK of " + each.pod() + ": " + answer.error());
            }
        }
        scene.checks()
                .add(
                        "an executor that is killed while Kafka is away goes on from its disk",
                        wrong.isEmpty(),
                        wrong.isEmpty()
                                ? scene.sandboxes().on(node.name()).size() + " pods of " + node.name()
                                        + " are as they should be, and others come and go"
                                : String.join("\n", wrong));
    }

    /// The second node's executor is killed, and its disk is gone.
    private static DiskLost loseDisk(Scene scene) {
        var node = List.copyOf(scene.stage().nodes().values()).get(1);
        var only = scene.sandboxes().on(node.name()).getLast();
        node.killExecutor();
        node.loseDisk();
        node.startExecutor();
        var answer = refused(scene, node);
        scene.checks()
                .add(
                        "without its disk and without the log a node gives no address",
                        answer == TRY_AGAIN_LATER,
                        "ADD on " + node.name() + " is answered with code " + answer + ", " + TRY_AGAIN_LATER
                                + " is \"try again later\"");
        return new DiskLost(node.name(), only, answer);
    }

    private static int refused(Scene scene, Node node) {
        var pod = scene.sandboxes().newPod(node.name());
        var answer = scene.sandboxes().tryAdd(pod);
        if (!answer.succeeded()) {
            scene.sandboxes().giveUp(pod);
        }
        return answer.code();
    }

    private static void tellAdoption(Scene scene, DiskLost lost) {
        var uid = lost.only().pod().uid().toString();
        var story = scene.controlPlane().story(lost.only().pod());
        var held = scene.folded().stream()
                .filter(fact -> fact.podUid().equals(uid))
                .filter(fact -> fact.address().equals(lost.only().address()))
                .toList();
        scene.checks()
                .add(
                        "a pod that only the kernel of a node without its disk knew is adopted with its address",
                        held.size() == 1
                                && story.stream().anyMatch(told -> told.type().equals("EndpointAdopted")),
                        lost.only().pod() + " came while Kafka was away, and the disk that knew it is gone: "
                                + story.stream()
                                        .map(told -> told.type() + " at " + told.position())
                                        .toList()
                                + ", " + held);
    }

    /// Rule 25: of the time that only the lost journal knew nothing is said, above all not that the address was free.
    private static void tellGap(Scene scene, DiskLost lost) {
        var address = lost.only().address();
        var then = scene.controlPlane().whereabouts(address, lost.moment());
        var now = scene.controlPlane().whereabouts(address, Instant.now());
        scene.say("Who had " + address + ", of which " + lost.node() + " told nobody before its disk was lost?");
        scene.say("  at " + lost.moment() + ": " + then.verdict() + " " + then.why());
        scene.say("  now: " + now.verdict() + ", " + now.holdings());
        scene.checks()
                .add(
                        "of what only a lost disk knew the ledger says that it is unknown",
                        then.verdict().equals("unknown") && now.verdict().equals("held"),
                        address + " at " + lost.moment() + ": " + then.verdict() + ", " + then.why() + "; now: "
                                + now.verdict() + " by " + Set.copyOf(now.holdings()));
    }
}
