package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.node.calls.PodCall;
import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;
import java.util.List;
import java.util.Optional;

/// While the journal cannot be written no pod gets what the log has not given it.
final class FullDiskGivesNothing extends Rule {

    FullDiskGivesNothing() {
        super(18, "with a full disk nothing is answered that neither log nor journal knows");
    }

    @Override
    public void linkBegan(Host host, Links.Link link) {
        var node = world().log().node(host.name());
        if (!host.disk().isFull() || !node.incarnation().equals(Optional.of(host.incarnation()))) {
            return;
        }
        meet();
        var attachment =
                new AttachmentId(new PodUid(link.key().podUid()), link.key().interfaceName());
        var given = node.endpoint(attachment).flatMap(Endpoint::allocation);
        boolean isTheLogs =
                given.filter(allocation -> isIn(allocation.addresses(), link)).isPresent();
        boolean isJournalled = host.synced().stream()
                .anyMatch(entry -> entry.fact() instanceof JournalFact.Bound bound
                        && bound.request().sandbox().value().equals(link.sandbox())
                        && isIn(bound.allocation().addresses(), link));
        require(isTheLogs || isJournalled, () -> link + " of " + host + ", whose disk is full; the log has " + given);
    }

    @Override
    public void deleted(Host host, AttachmentId attachment, SandboxId sandbox) {
        if (host.disk().isFull()) {
            meet();
            require(
                    world().told().isOver(host, attachment, sandbox),
                    () -> "the DEL of " + sandbox + " was answered on " + host + ", whose disk is full; the log has "
                            + world().log().node(host.name()).endpoint(attachment));
        }
    }

    private static boolean isIn(List<?> addresses, Links.Link link) {
        return addresses
                .toString()
                .equals(link.addresses().stream()
                        .map(address -> address.getHostAddress())
                        .toList()
                        .toString());
    }

    @Override
    public void refused(Host host, PodCall call, String why) {
        if (host.disk().isFull() && why.contains("cannot be written")) {
            meet();
        }
    }
}
