package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Figure;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.probe.Ping;
import java.time.Duration;
import java.util.stream.Collectors;

/// Every pod pings every other one.
///
/// @param when which of the demo's moments this is
public record PingEveryone(String when) implements Step {

    private static final int MOST_SHOWN = 5;

    @Override
    public String title() {
        return "pinging from every pod to every other one " + when;
    }

    @Override
    public void run(Scene scene) {
        var stations = scene.stations();
        long started = System.nanoTime();
        var matrix = Ping.matrix(stations, done -> scene.progress().at(done, stations.size()));
        var took = Duration.ofNanos(System.nanoTime() - started);
        var lost = matrix.lost().stream()
                .limit(MOST_SHOWN)
                .map(Ping.Pair::toString)
                .collect(Collectors.joining(", "));
        scene.checks()
                .add(
                        "every pod reaches every other pod " + when,
                        matrix.pairs() > 0 && matrix.lost().isEmpty(),
                        matrix.pairs() - matrix.lost().size() + " of " + matrix.pairs() + " pings were answered"
                                + (lost.isEmpty() ? "" : "; lost among others: " + lost));
        scene.figures().add(new Figure("ping matrix " + when, "s", took.toMillis() / 1000.0));
    }
}
