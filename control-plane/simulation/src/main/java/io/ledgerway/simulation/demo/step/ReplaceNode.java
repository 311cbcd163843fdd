package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.CniPlugin;
import io.ledgerway.simulation.demo.Differences;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Snapshot;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulation.vpc.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// A node loses power and disk. Another instance takes its name, with a certificate of its own: what the old one held
/// ends when the cloud shows its ENIs detached, the new one gets addresses, and the old executor, when it comes back
/// with its old certificate, is refused and changes nothing.
public final class ReplaceNode implements Step {

    private static final String SUCCESSOR = "i-node-3b";
    private static final int PODS = 3;
    private static final String REFUSAL = "which had the name before";
    /// A node whose stream is still taken to be open is asked about once a minute, and seen twice.
    private static final Duration TO_BE_LOST = Duration.ofSeconds(90);
    private static final Duration TO_BE_REPLACED = Duration.ofSeconds(60);
    private static final Duration TO_BE_TOLD = Duration.ofSeconds(90);
    private static final Duration TO_BE_REFUSED = Duration.ofSeconds(20);

    @Override
    public String title() {
        return "taking power and disk from a node, and putting another instance in its place";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        var old = scene.stage().nodes().lastEntry().getValue();
        var gone = powerOff(scene, old);
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
        tellOldHoldings(scene, gone);
        tellOldExecutor(scene, old);
        Agreement.tell(scene, "by a node that was replaced under its name");
    }

    private static List<Sandboxes.Running> powerOff(Scene scene, Node node) {
        var held = scene.folded().stream()
                .filter(fact -> fact.node().equals(node.name()))
                .toList();
        node.killExecutor();
        node.loseDisk();
        var gone = scene.sandboxes().losePower(node.name());
        scene.stage().cloud().stop(node.instance());
        boolean lost = Processes.await(() -> standing(scene, node).equals("lost"), TO_BE_LOST);
        var after = scene.folded().stream()
                .filter(fact -> fact.node().equals(node.name()))
                .toList();
        var differences = Differences.between("before", held, "after", after);
        scene.checks()
                .add(
                        "a node whose instance the cloud shows stopped is lost, and nothing that it holds is freed by that",
                        lost && differences.isEmpty() && held.size() == gone.size(),
                        lost
                                ? held.size() + " addresses stay with their pods until it is known what became of them "
                                        + differences
                                : node.name() + " is " + standing(scene, node));
        return gone;
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

    private static void tellOldHoldings(Scene scene, List<Sandboxes.Running> gone) {
        var uids = gone.stream().map(each -> each.pod().uid().toString()).toList();
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
        var story = scene.controlPlane().story(gone.getFirst().pod());
        scene.say("The story of " + gone.getFirst().pod() + ", whose node lost power and disk:");
        story.forEach(told -> scene.say("  %-10s %s  %s".formatted(told.position(), told.at(), told.text())));
        scene.checks()
                .add(
                        "what a replaced node held ends when the cloud shows its ENIs detached, and they are deleted",
                        !gone.isEmpty()
                                && ended.size() == gone.size()
                                && stays.size() == gone.size()
                                && leftOver.isEmpty(),
                        ended.size() + " of " + gone.size() + " holdings ended by "
                                + ended.stream()
                                        .map(stay -> stay.until().orElseThrow())
                                        .map(told -> told.event() + " at " + told.position())
                                        .distinct()
                                        .collect(Collectors.joining(", "))
                                + "; " + leftOver.size() + " ENIs without an instance are left in the cloud");
    }

    /// It has its certificate and its folder still, and a kernel without pods.
    private static void tellOldExecutor(Scene scene, Node old) {
        Namespaces.add(old.namespace());
        Shell.inNamespace(old.namespace(), "ip link set lo up").orThrow();
        var pod = scene.sandboxes().newPod(old.name());
        try {
            scene.settle();
            var before = Snapshot.whole(scene);
            old.startExecutor();
            old.awaitExecutor();
            var answer = new AtomicReference<CniPlugin.Answer>();
            boolean refused = Processes.await(
                    () -> {
                        answer.set(scene.sandboxes().plugin().add(pod, old.socket()));
                        return answer.get().error().contains(REFUSAL);
                    },
                    TO_BE_REFUSED);
            var changes = before.anyChanges(Snapshot.whole(scene));
            scene.checks()
                    .add(
                            "the old executor, coming back with its certificate, is refused and changes nothing",
                            refused && changes.isEmpty(),
                            changes.isEmpty() ? answer.get().error() : changes.toString());
        } finally {
            old.stopExecutor();
            Namespaces.end(pod.netns());
            Namespaces.end(old.namespace());
        }
    }
}
