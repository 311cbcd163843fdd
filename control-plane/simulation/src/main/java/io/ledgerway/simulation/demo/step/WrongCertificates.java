package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.CniPlugin;
import io.ledgerway.simulation.demo.DemoSettings;
import io.ledgerway.simulation.demo.Differences;
import io.ledgerway.simulation.demo.Forger;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Papers;
import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Snapshot;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulation.vpc.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/// An executor that claims to be the first node, with one wrong certificate after the other: the control plane takes
/// none of them, and its pods get nothing.
public final class WrongCertificates implements Step {

    private static final String STRANGER = "stranger";

    /// How long the executor may go on with the certificate before.
    private static final Duration TO_RENEW = Duration.ofSeconds(20);

    /// @param words what the refusal must hold
    private record Attempt(String name, Papers papers, String words) {}

    @Override
    public String title() {
        return "calling the control plane with wrong certificates";
    }

    @Override
    public void run(Scene scene) {
        var forger = scene.stage().forger(STRANGER);
        var nodes = scene.stage().nodes().keySet().iterator();
        var claimed = nodes.next();
        var attempts = attempts(forger, claimed, nodes.next());
        var place = forger.place("shown");
        attempts.getFirst().papers().replace(place);
        var pod = scene.sandboxes().newPod(STRANGER);
        var namespace = scene.box().namespace(STRANGER);
        Namespaces.add(namespace);
        Shell.inNamespace(namespace, "ip link set lo up").orThrow();
        var stranger = scene.stage().stranger(STRANGER, place);
        stranger.startExecutor();
        try {
            stranger.awaitExecutor();
            scene.settle();
            var plugin = scene.sandboxes().plugin();
            tellWrongOnes(scene, attempts, attempt -> {
                attempt.papers().replace(place);
                return tryIt(plugin, pod, stranger, attempt);
            });
            var another = new Attempt(
                    "another instance's",
                    forger.signed("other-instance", forger.cluster(), "i-another", claimed),
                    "i-another");
            another.papers().replace(place);
            tellAnotherInstance(scene, claimed, tryIt(plugin, pod, stranger, another));
        } finally {
            stranger.stopExecutor();
            Namespaces.end(pod.netns());
            Namespaces.end(namespace);
        }
    }

    private static void tellWrongOnes(
            Scene scene, List<Attempt> attempts, Function<Attempt, Optional<String>> objection) {
        var wrong = new ArrayList<String>();
        var before = Snapshot.whole(scene);
        for (var attempt : attempts) {
            objection.apply(attempt).ifPresent(wrong::add);
        }
        before.anyChanges(Snapshot.whole(scene)).stream()
                .map(Differences::toString)
                .forEach(wrong::add);
        scene.checks()
                .add(
                        "wrong certificates are refused, and change nothing",
                        wrong.isEmpty(),
                        wrong.isEmpty()
                                ? attempts.stream().map(Attempt::name).collect(Collectors.joining(", "))
                                        + ": an executor with it gets nothing for its pods, and is told why"
                                : String.join("\n", wrong));
    }

    /// Its certificate is good and only names another instance, so the log decides.
    private static void tellAnotherInstance(Scene scene, String claimed, Optional<String> objection) {
        scene.checks()
                .add(
                        "another instance under a node's name is refused by the log",
                        objection.isEmpty(),
                        objection.orElse("its executor is told that " + claimed + " is another instance"));
    }

    private static List<Attempt> attempts(Forger forger, String claimed, String other) {
        var instance = DemoSettings.instanceOf(claimed);
        return List.of(
                new Attempt(
                        "an expired one",
                        forger.expired("expired", instance, claimed),
                        "expired, or signed by another authority"),
                new Attempt(
                        "one of an unknown authority",
                        forger.selfMade("self-made", instance, claimed),
                        "showed no certificate"),
                new Attempt(
                        "another cluster's",
                        forger.signed("other-cluster", "another-cluster", instance, claimed),
                        "another-cluster"),
                new Attempt(
                        "another node's",
                        forger.of(other),
                        "is node " + claimed + " and shows the certificate of node " + other));
    }

    /// The executor notices a renewed certificate when a call has failed with the one before.
    private static Optional<String> tryIt(CniPlugin plugin, Pod pod, Node stranger, Attempt attempt) {
        var last = new AtomicReference<CniPlugin.Answer>();
        boolean said = Processes.await(
                () -> {
                    last.set(plugin.add(pod, stranger.socket()));
                    return last.get().succeeded() || last.get().error().contains(attempt.words());
                },
                TO_RENEW);
        return said && !last.get().succeeded()
                ? Optional.empty()
                : Optional.of(attempt.name() + " should have been refused with \"" + attempt.words()
                        + "\", and was answered " + last.get().result());
    }
}
