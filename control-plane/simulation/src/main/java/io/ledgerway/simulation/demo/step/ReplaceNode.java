package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.CniPlugin;
import io.ledgerway.simulation.demo.Differences;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Snapshot;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.demo.Witness;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulation.vpc.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A node loses power and disk, after it has done something alone that nobody has heard of. Another instance takes its
/// name, with a certificate of its own: what the old one held ends when the cloud shows its ENIs detached, the new one
/// gets addresses, and the old executor, when it comes back with its old certificate, is refused and changes nothing.
/// Should its disk be found again, what only that knew becomes history, and nothing else.
public final class ReplaceNode implements Step {

    private static final String SUCCESSOR = "i-node-3b";
    private static final int PODS = 3;
    private static final String REFUSAL = "which had the name before";
    /// Its stream has ended, so ECS is asked within ten seconds and again after five; what ECS shows may be late.
    private static final Duration TO_BE_LOST = Duration.ofSeconds(45);
    private static final Duration TO_BE_REPLACED = Duration.ofSeconds(60);
    private static final Duration TO_BE_TOLD = Duration.ofSeconds(90);
    private static final Duration TO_BE_REFUSED = Duration.ofSeconds(20);
    private static final Duration TO_BE_KEPT = Duration.ofSeconds(20);

    @Override
    public String title() {
        return "taking power and disk from a node, and putting another instance in its place";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        var old = scene.stage().nodes().lastEntry().getValue();
        var alone = workAlone(scene, old);
        var gone = alone.before();
        powerOff(scene, old, alone);
        long began = System.nanoTime();
        var successor = scene.stage().replace(old.name(), SUCCESSOR);
        successor.startExecutor();
        successor.awaitExecutor();
        awaitInstance(scene, successor);
        scene.stage().cloud().release(old.instance());
        scene.awaitTold(TO_BE_TOLD);
        scene.figures()
                .add(KillAndRestart.seconds(
                        "from a new instance's start to the end of all that the old one held", began));
        tellNewPods(scene, successor);
        tellOldHoldings(scene, gone, alone);
        tellOldExecutor(scene, old, alone);
        Agreement.tell(scene, "by a node that was replaced under its name");
    }

    /// What a node did alone, and only its disk knows.
    ///
    /// @param before who ran on it, as the log has it
    /// @param asked whose request was on its way when the control plane stopped: the log may yet hear it
    private record Alone(
            List<Sandboxes.Running> before, Sandboxes.Running asked, Sandboxes.Running came, Sandboxes.Running went) {}

    private static Alone workAlone(Scene scene, Node node) {
        var before = scene.sandboxes().on(node.name());
        scene.stage().pauseControlPlane();
        var asked = scene.sandboxes().addOne(node.name());
        var came = scene.sandboxes().addOne(node.name());
        var went = before.getFirst();
        scene.sandboxes().removeOne(went);
        node.killExecutor();
        scene.stage().resumeControlPlane();
        scene.stage().awaitControlPlane();
        return new Alone(before, asked, came, went);
    }

    private static void powerOff(Scene scene, Node node, Alone alone) {
        var held = held(scene, node);
        node.putDiskAside();
        node.loseDisk();
        scene.sandboxes().losePower(node.name());
        scene.stage().cloud().stop(node.instance());
        boolean lost = Processes.await(() -> standing(scene, node).equals("lost"), TO_BE_LOST);
        var after = held(scene, node).stream()
                .filter(fact -> held.contains(fact) || !fact.podUid().equals(uid(alone.asked())))
                .toList();
        var differences = Differences.between("before", held, "after", after);
        var pods = held.stream().map(Witness.Fact::podUid).toList();
        scene.checks()
                .add(
                        "a node whose instance the cloud shows stopped is lost, and nothing that it holds is freed by that",
                        lost && differences.isEmpty() && pods.containsAll(uids(alone.before())),
                        lost
                                ? held.size() + " addresses stay with their pods until it is known what became of them "
                                        + differences
                                : node.name() + " is " + standing(scene, node));
    }

    private static List<Witness.Fact> held(Scene scene, Node node) {
        return scene.folded().stream()
                .filter(fact -> fact.node().equals(node.name()))
                .toList();
    }

    private static List<String> uids(List<Sandboxes.Running> pods) {
        return pods.stream().map(ReplaceNode::uid).toList();
    }

    private static String uid(Sandboxes.Running pod) {
        return pod.pod().uid().toString();
    }

    private static String standing(Scene scene, Node node) {
        return scene.stage().ask("/v1/nodes/" + node.name()).path("standing").asText();
    }

    private static void awaitInstance(Scene scene, Node successor) {
        boolean taken = Processes.await(
                () -> scene.stage()
                        .ask("/v1/nodes/" + successor.name())
                        .path("instance")
                        .asText()
                        .equals(successor.instance()),
                TO_BE_REPLACED);
        if (!taken) {
            throw new IllegalStateException(successor.name() + " had not become " + successor.instance() + " after "
                    + TO_BE_REPLACED.toSeconds() + " s; its executor's log is "
                    + successor.executor().log());
        }
    }

    private static void tellNewPods(Scene scene, Node successor) {
        var added = new ArrayList<Sandboxes.Running>();
        for (int pod = 0; pod < PODS; pod++) {
            added.add(scene.sandboxes().addOne(successor.name()));
        }
        scene.settle();
        var enis = scene.stage().inventory().enis().stream()
                .filter(eni -> eni.instance().equals(successor.instance()))
                .flatMap(eni -> eni.secondary().stream())
                .toList();
        scene.checks()
                .add(
                        "the new instance gives pods addresses of ENIs of its own",
                        added.stream().map(Sandboxes.Running::address).allMatch(enis::contains),
                        added.stream().map(Sandboxes.Running::address).toList() + " are on ENIs of "
                                + successor.instance());
    }

    /// @param gone those that the log knows
    private static void tellOldHoldings(Scene scene, List<Sandboxes.Running> gone, Alone alone) {
        var uids = uids(gone);
        var stays = scene.log().stays().stream()
                .filter(stay -> uids.contains(stay.pod()))
                .toList();
        var ended = stays.stream()
                .filter(stay -> stay.until()
                        .filter(told -> told.event().equals("EniDetached"))
                        .isPresent())
                .toList();
        var leftOver = scene.stage().inventory().enis().stream()
                .filter(eni -> eni.instance().isEmpty())
                .toList();
        boolean unheard =
                scene.log().stays().stream().noneMatch(stay -> stay.pod().equals(uid(alone.came())));
        var story = scene.controlPlane().story(gone.getFirst().pod());
        scene.say("The story of " + gone.getFirst().pod() + ", whose node lost power and disk:");
        story.forEach(told -> scene.say("  %-10s %s  %s".formatted(told.position(), told.at(), told.text())));
        scene.checks()
                .add(
                        "what a replaced node held ends when the cloud shows its ENIs detached, and they are deleted",
                        !gone.isEmpty()
                                && ended.size() == gone.size()
                                && stays.size() == gone.size()
                                && unheard
                                && leftOver.isEmpty(),
                        ended.size() + " of " + gone.size() + " holdings ended by "
                                + ended.stream()
                                        .map(stay -> stay.until().orElseThrow())
                                        .map(told -> told.event() + " at " + told.position())
                                        .distinct()
                                        .collect(Collectors.joining(", "))
                                + "; " + leftOver.size() + " ENIs without an instance are left in the cloud");
    }

    /// It has its certificate still, and a kernel without pods: first with an empty disk, then with its own.
    private static void tellOldExecutor(Scene scene, Node old, Alone alone) {
        Namespaces.add(old.namespace());
        Shell.inNamespace(old.namespace(), "ip link set lo up").orThrow();
        var pod = scene.sandboxes().newPod(old.name());
        try {
            scene.settle();
            var before = Snapshot.whole(scene);
            var answer = refuse(scene, old, pod);
            var changes = before.anyChanges(Snapshot.whole(scene));
            scene.checks()
                    .add(
                            "the old executor, coming back with its certificate, is refused and changes nothing",
                            isRefusal(answer) && changes.isEmpty(),
                            changes.isEmpty() ? answer.error() : changes.toString());
            old.stopExecutor();
            old.restoreDisk();
            int keptBefore = scene.log().kept().size();
            var answerWithDisk = refuse(scene, old, pod);
            boolean told = Processes.await(() -> hasKept(scene, alone), TO_BE_KEPT);
            changes = before.changes(Snapshot.whole(scene));
            var kept = scene.log().kept();
            scene.checks()
                    .add(
                            "what only the old executor's disk knew is kept as history, and changes nothing",
                            isRefusal(answerWithDisk) && told && changes.isEmpty(),
                            changes.isEmpty()
                                    ? String.join("; ", kept.subList(keptBefore, kept.size())) + "; it is told: "
                                            + answerWithDisk.error()
                                    : changes.toString());
        } finally {
            old.stopExecutor();
            Namespaces.end(pod.netns());
            Namespaces.end(old.namespace());
        }
    }

    private static boolean hasKept(Scene scene, Alone alone) {
        return Stream.of(alone.came(), alone.went())
                .map(each -> each.pod().uid().toString())
                .allMatch(uid -> scene.log().kept().stream().anyMatch(kept -> kept.contains(uid)));
    }

    private static CniPlugin.Answer refuse(Scene scene, Node old, Pod pod) {
        old.startExecutor();
        old.awaitExecutor();
        var answer = new AtomicReference<CniPlugin.Answer>();
        Processes.await(
                () -> {
                    answer.set(scene.sandboxes().plugin().add(pod, old.socket()));
                    return isRefusal(answer.get());
                },
                TO_BE_REFUSED);
        return answer.get();
    }

    private static boolean isRefusal(CniPlugin.Answer answer) {
        return answer.error().contains(REFUSAL);
    }
}
