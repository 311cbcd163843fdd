package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Snapshot;
import io.ledgerway.simulation.demo.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/// A node gets another one's data folder: it does not take that history for its own, says whose it is, and changes
/// nothing.
public final class ForeignDisk implements Step {

    private static final Duration TO_REFUSE = Duration.ofSeconds(30);

    @Override
    public String title() {
        return "giving a node the data folder of another one";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        var nodes = List.copyOf(scene.stage().nodes().values());
        var owner = nodes.get(0);
        var victim = nodes.get(1);
        victim.stopExecutor();
        var before = Snapshot.whole(scene);
        victim.swapDisk(owner);
        long from = length(victim);
        victim.startExecutor();
        boolean ended = Processes.await(() -> !victim.executor().handle().isAlive(), TO_REFUSE);
        var said = logFrom(victim, from);
        var changes = before.anyChanges(Snapshot.whole(scene));
        if (!ended) {
            victim.stopExecutor();
        }
        victim.restoreDisk();
        victim.startExecutor();
        victim.awaitExecutor();
        scene.settle();
        var wrong = said.lines().filter(line -> line.contains(owner.name())).findFirst();
        scene.checks()
                .add(
                        "another node's data folder is not taken over, and the executor says whose it is",
                        ended && wrong.isPresent() && changes.isEmpty(),
                        changes.isEmpty()
                                ? wrong.map(line -> "it ends and says: " + line.strip())
                                        .orElse("it says nothing of " + owner.name() + ": " + said)
                                : changes.toString());
    }

    private static long length(Node node) {
        try {
            return Files.size(node.executor().log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String logFrom(Node node, long from) {
        try {
            return Files.readString(node.executor().log()).substring((int) from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
