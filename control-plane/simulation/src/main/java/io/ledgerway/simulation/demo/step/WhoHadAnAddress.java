package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.ControlPlaneClient.Held;
import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// An address that two pods had one after the other: who had it when.
public record WhoHadAnAddress(ExchangePods exchange) implements Step {

    private static final String CLAIM = "the ledger tells the two holders of a reused address apart";

    @Override
    public String title() {
        return "asking who had a reused address, and when";
    }

    @Override
    public void run(Scene scene) {
        if (exchange.reuses().isEmpty()) {
            scene.checks().add(CLAIM, false, "no address came back to another pod, so there was nothing to ask");
            return;
        }
        var reuse = exchange.reuses().getFirst();
        var address = reuse.now().address();
        var before = reuse.before().between();
        var now = Instant.now();
        var then = scene.controlPlane().whoHad(address, before);
        var today = scene.controlPlane().whoHad(address, now);
        scene.say("Who had " + address + "?");
        scene.say("  at " + before + ": " + told(then));
        scene.say("  at " + now + ": " + told(today));
        scene.checks()
                .add(
                        CLAIM,
                        isOnly(then, reuse.before().pod())
                                && isOnly(today, reuse.now().pod()),
                        address + " was with " + told(then) + " and is with " + told(today) + "; the runtimes say "
                                + reuse.before().pod() + " and " + reuse.now().pod());
    }

    private static boolean isOnly(List<Held> holders, Pod pod) {
        return holders.size() == 1
                && holders.getFirst().podUid().equals(pod.uid().toString());
    }

    private static String told(List<Held> holders) {
        return holders.isEmpty()
                ? "nobody"
                : holders.stream()
                        .map(held -> held.pod() + " on " + held.node() + " (" + held.podUid() + ")")
                        .collect(Collectors.joining(" and "));
    }
}
