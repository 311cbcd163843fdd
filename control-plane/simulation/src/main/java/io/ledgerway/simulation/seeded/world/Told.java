package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import java.util.List;
import java.util.Optional;

/// What the log and the synced journals of the machines know.
public final class Told {

    private final ClusterLog log;

    Told(ClusterLog log) {
        this.log = log;
    }

    /// Whether the log, or a synced journal of that machine, knows the boot that it is in.
    public boolean knowsBoot(Host host) {
        return log.node(host.name()).boot().equals(Optional.of(host.boot())) || host.isBootJournalled();
    }

    /// What the machine's synced journal holds and the log has not heard.
    public List<Journalled> untold(Host host) {
        // Read from the disk and not asked of the journal, whose lock a waiting thread may hold.
        long through =
                log.node(host.name()).journal().map(JournalMark::sequence).orElse(0L);
        return host.synced().stream()
                .filter(entry -> entry.sequence() > through)
                .toList();
    }

    /// Whether the log or a synced journal knows that the sandbox has nothing any more: it was released, or the
    /// pod goes on in another one.
    public boolean isOver(Host host, AttachmentId attachment, SandboxId sandbox) {
        var known = log.node(host.name())
                .endpoint(attachment)
                .filter(held -> held.request().sandbox().equals(sandbox))
                .filter(held -> !(held instanceof Endpoint.Releasing));
        return known.isEmpty() || isJournalled(host, sandbox) || goesOnElsewhere(host, attachment, sandbox);
    }

    /// Whether a synced journal has the pod in another sandbox.
    public boolean goesOnElsewhere(Host host, AttachmentId attachment, SandboxId sandbox) {
        return untold(host).stream()
                .anyMatch(entry -> entry.fact() instanceof JournalFact.Bound bound
                        && bound.request().attachment().equals(attachment)
                        && !bound.request().sandbox().equals(sandbox));
    }

    /// Whether a synced journal holds the end of that sandbox.
    public boolean isJournalled(Host host, SandboxId sandbox) {
        return untold(host).stream().map(Journalled::fact).anyMatch(fact -> switch (fact) {
            case JournalFact.Released f -> f.sandbox().equals(sandbox);
            case JournalFact.Abandoned f -> f.request().sandbox().equals(sandbox);
            case JournalFact.Removed f -> f.sandbox().equals(sandbox);
            case JournalFact.Booted f -> f.boot().equals(host.boot());
            case JournalFact.Bound f -> false;
            case JournalFact.Ready f -> false;
            case JournalFact.Cooled f -> false;
            case JournalFact.WithdrawalConfirmed f -> false;
        });
    }
}
