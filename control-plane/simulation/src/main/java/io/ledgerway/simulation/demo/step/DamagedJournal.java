package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Absence;
import io.ledgerway.simulation.demo.LogTail;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/// While the log is away, one node's journal is cut off in the middle of an entry and another one's is damaged in its
/// middle, each with its executor dead. Of the pods that only what is lost told of, the kernel tells.
public final class DamagedJournal implements Step {

    /// Behind the beginning of an entry, and before its end.
    private static final int INTO_AN_ENTRY = 12;

    private static final Duration TO_SAY = Duration.ofSeconds(20);

    /// A node whose journal has lost the entry of a pod that runs.
    private record Loss(Node node, Sandboxes.Running pod, String said) {}

    @Override
    public String title() {
        return "cutting a journal off in the middle of an entry, and damaging another one";
    }

    @Override
    public void run(Scene scene) {
        scene.settle();
        var nodes = List.copyOf(scene.stage().nodes().values());
        var outage = Outage.begin(scene, Absence.CONTROL_PLANE_SILENT);
        var untouched = nodes.get(2).name();
        scene.sandboxes().removeOne(scene.sandboxes().addOne(untouched));
        var cut = lose(scene, nodes.get(0), "they are cut off", (journal, at) -> journal.truncate(at));
        var damaged = lose(scene, nodes.get(1), "is damaged", (journal, at) -> journal.write(flipped(journal, at), at));
        var meanwhile = addElsewhere(scene, cut);
        outage.end();
        var unknown = new HashSet<UUID>(outage.knownOnlyTo(cut.node().name()));
        unknown.addAll(outage.knownOnlyTo(damaged.node().name()));
        outage.tellTimes(unknown);
        for (var loss : List.of(cut, damaged)) {
            var type = scene.controlPlane().story(loss.pod().pod()).stream()
                    .map(told -> told.type() + " at " + told.position())
                    .toList();
            scene.checks()
                    .add(
                            "of a pod whose entry is lost from the journal of "
                                    + loss.node().name() + " the kernel tells",
                            !loss.said().isEmpty()
                                    && type.stream().anyMatch(told -> told.startsWith("EndpointAdopted"))
                                    && meanwhile.stream()
                                            .noneMatch(other -> other.address()
                                                    .equals(loss.pod().address())),
                            "the executor says: " + loss.said() + "; the story of "
                                    + loss.pod().pod() + ": " + type);
        }
        Agreement.tell(scene, "by journals that had lost entries");
    }

    private interface Harm {
        void to(FileChannel journal, long at) throws IOException;
    }

    /// A pod comes, a second one comes and goes, and then the journal loses what it says of the first one.
    private static Loss lose(Scene scene, Node node, String words, Harm harm) {
        // The first call may have reached the log unanswered; what comes after it has not.
        scene.sandboxes().removeOne(scene.sandboxes().addOne(node.name()));
        long before = LogTail.of(node.journal()).from();
        var pod = scene.sandboxes().addOne(node.name());
        scene.sandboxes().removeOne(scene.sandboxes().addOne(node.name()));
        node.killExecutor();
        var log = LogTail.of(node.executor().log());
        try (var journal = FileChannel.open(node.journal(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            harm.to(journal, before + INTO_AN_ENTRY);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot harm " + node.journal(), e);
        }
        node.startExecutor();
        node.awaitExecutor();
        // A killed process's socket may still be there for a moment, and look like one that serves.
        Processes.await(() -> log.line(words).isPresent(), TO_SAY);
        return new Loss(node, pod, log.line(words).orElse(""));
    }

    /// What a node whose journal was cut gives pods while it is still alone, as long as it gives any.
    private static List<Sandboxes.Running> addElsewhere(Scene scene, Loss cut) {
        var added = new ArrayList<Sandboxes.Running>();
        var pod = scene.sandboxes().newPod(cut.node().name());
        if (scene.sandboxes().tryAdd(pod).succeeded()) {
            added.add(scene.sandboxes().on(cut.node().name()).getLast());
        } else {
            scene.sandboxes().giveUp(pod);
        }
        return added;
    }

    private static ByteBuffer flipped(FileChannel journal, long at) throws IOException {
        var one = ByteBuffer.allocate(1);
        journal.read(one, at);
        one.flip();
        return ByteBuffer.wrap(new byte[] {(byte) ~one.get()});
    }
}
