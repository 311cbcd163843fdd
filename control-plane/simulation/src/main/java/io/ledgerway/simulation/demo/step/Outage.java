package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.Account;
import io.ledgerway.simulation.demo.Called;
import io.ledgerway.simulation.demo.Figure;
import io.ledgerway.simulation.demo.Scene;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// A time in which nodes are alone, and what was called in it.
final class Outage {

    /// How long the log may take to hear of everything once it is back.
    private static final Duration TO_BE_TOLD = Duration.ofSeconds(90);

    /// What an ADD or a DEL may take on a busy machine. Waiting for a time-out takes longer.
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private final Scene scene;
    private final Absence absence;
    private final int callsBefore;
    private final Instant began;
    private Instant ended;

    private Outage(Scene scene, Absence absence) {
        this.scene = scene;
        this.absence = absence;
        this.callsBefore = scene.sandboxes().calls().size();
        this.began = Instant.now();
    }

    /// Begins when nothing is under way.
    static Outage begin(Scene scene, Absence absence) {
        scene.settle();
        var outage = new Outage(scene, absence);
        absence.begin(scene.stage());
        return outage;
    }

    /// Ends it, and waits until the log has heard of everything.
    void end() {
        end(TO_BE_TOLD);
    }

    /// Calls from here on are not of this outage.
    void noteEnd() {
        if (ended == null) {
            ended = Instant.now();
        }
    }

    void end(Duration toBeTold) {
        noteEnd();
        absence.end(scene.stage());
        long back = System.nanoTime();
        scene.stage().awaitControlPlane();
        scene.figures().add(KillAndRestart.seconds("control plane ready again after " + absence, back));
        scene.awaitTold(toBeTold);
        scene.figures().add(KillAndRestart.seconds("all told and at rest after " + absence, back));
    }

    Duration lasted() {
        return Duration.between(began, ended);
    }

    /// The calls that were answered while the nodes were alone.
    List<Called> calls() {
        var all = scene.sandboxes().calls();
        return all.subList(callsBefore, all.size()).stream()
                .filter(call -> ended == null || !call.ended().isAfter(ended))
                .toList();
    }

    /// Pods that nobody but a node's disk knew.
    Set<UUID> knownOnlyTo(String node) {
        return calls().stream()
                .filter(call -> call.pod().node().equals(node))
                .map(call -> call.pod().uid())
                .collect(Collectors.toSet());
    }

    /// That no call waited for what is away.
    ///
    /// @param failures of calls that should have succeeded
    void tellCalls(List<String> failures) {
        var calls = calls();
        var took = calls.stream()
                .map(call -> Duration.between(call.began(), call.ended()))
                .toList();
        var adds = calls.stream().filter(call -> call.verb() == Called.Verb.ADD).count();
        var longest = took.stream().max(Duration::compareTo).orElse(Duration.ZERO);
        scene.checks()
                .add(
                        "pods come and go on every node at once while " + absence,
                        failures.isEmpty() && adds > 0 && longest.compareTo(AT_ONCE) < 0,
                        failures.isEmpty()
                                ? "%d ADDs and %d DELs in %d s, the first took %d ms, the longest %d ms"
                                        .formatted(
                                                adds,
                                                calls.size() - adds,
                                                Duration.between(began, Instant.now())
                                                        .toSeconds(),
                                                took.isEmpty()
                                                        ? 0
                                                        : took.getFirst().toMillis(),
                                                longest.toMillis())
                                : failures.size() + " calls failed: " + String.join("\n", failures));
        if (!took.isEmpty()) {
            scene.figures().add(Figure.percentile("ADD and DEL while " + absence + ", p50", took, 0.5));
        }
    }

    /// That the log has each call once, with its original time, and heard of it afterwards.
    ///
    /// @param unknown pods that a lost disk knew
    void tellTimes(Set<UUID> unknown) {
        var calls = calls();
        var account = Account.of(calls, scene.log(), unknown);
        int looked = account.adds() + account.deletes();
        // The first call of each node may have reached the log, unanswered, before it was gone.
        int mayBeEarly = scene.stage().nodes().size();
        scene.checks()
                .add(
                        "the log hears of each call once and with its original time after " + absence,
                        account.fits() && looked > 0 && account.late() >= looked - mayBeEarly,
                        account.fits()
                                ? "%d ADDs and %d DELs between %s and %s; the log heard of %d of them after they were answered"
                                        .formatted(account.adds(), account.deletes(), began, ended, account.late())
                                : account.wrong().size() + " do not fit: "
                                        + account.wrong().stream().limit(5).collect(Collectors.joining("\n")));
    }
}
