package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.ControlPlaneClient.Told;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.util.List;
import java.util.stream.Collectors;

/// One pod's life from its request to the kernel, with the positions in the log.
public final class TellAStory implements Step {

    /// What every connected pod's story holds, in this order.
    private static final List<String> PLOT = List.of("IpAllocated", "EndpointReady");

    @Override
    public String title() {
        return "telling the story of one pod";
    }

    @Override
    public void run(Scene scene) {
        var pod = scene.sandboxes().all().getLast().pod();
        var story = scene.controlPlane().story(pod);
        scene.say("The story of " + pod + " (" + pod.uid() + "):");
        story.forEach(told -> scene.say("  %-10s %s  %s".formatted(told.position(), told.at(), told.text())));
        var plot = story.stream().map(Told::type).filter(PLOT::contains).toList();
        scene.checks()
                .add(
                        "the ledger tells a pod's story from the request to the kernel",
                        plot.equals(PLOT)
                                && story.stream()
                                        .noneMatch(told -> told.position().isEmpty()),
                        story.size() + " records: "
                                + story.stream()
                                        .map(told -> told.type() + " at " + told.position())
                                        .collect(Collectors.joining(", ")));
    }
}
