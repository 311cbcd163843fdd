package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.CloudInventory;
import io.ledgerway.simulation.demo.Differences;
import io.ledgerway.simulation.demo.LogWitness;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Kernels, cloud, log, fold and PostgreSQL beside each other: who has which address, and what the cloud has assigned.
final class Agreement {

    private static final Duration TO_AGREE = Duration.ofSeconds(30);

    private Agreement() {}

    /// One check; nothing may be under way.
    ///
    /// @param when which of the demo's moments this is
    static void tell(Scene scene, String when) {
        var log = scene.log();
        var witness = scene.witness();
        Processes.await(() -> scene.projected().size() == witness.facts().size(), TO_AGREE);
        var wrong = new ArrayList<String>(witness.loose());
        Stream.of(
                        Differences.between("the log", log.facts(), "kernel and cloud", witness.facts()),
                        Differences.between("the fold", scene.folded(), "kernel and cloud", witness.facts()),
                        Differences.between("PostgreSQL", scene.projected(), "kernel and cloud", witness.facts()),
                        assignments(log, scene.stage().inventory()))
                .filter(differences -> !differences.isEmpty())
                .map(Differences::toString)
                .forEach(wrong::add);
        wrong.addAll(log.overlaps());
        scene.checks()
                .add(
                        "nothing is lost, doubled or leaked " + when,
                        wrong.isEmpty(),
                        wrong.isEmpty()
                                ? witness.facts().size() + " holders and "
                                        + log.assignments().size()
                                        + " assigned addresses, the same in the kernels of all nodes, the cloud's"
                                        + " inventory, the log, the fold and PostgreSQL"
                                : String.join("\n", wrong));
    }

    /// What the log says that ENIs have, beside what the cloud says.
    static Differences assignments(LogWitness log, CloudInventory inventory) {
        List<String> inCloud = inventory.enis().stream()
                .filter(eni -> !eni.primary())
                .flatMap(eni -> eni.secondary().stream().map(address -> address + " on " + eni.id()))
                .toList();
        return Differences.between("the log", log.assignments(), "the cloud", inCloud);
    }
}
