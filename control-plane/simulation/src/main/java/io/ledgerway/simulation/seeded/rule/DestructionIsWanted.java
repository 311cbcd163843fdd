package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// What takes something away is carried out only while it is wanted, or soon after: a paused owner that
/// wakes up does no harm.
final class DestructionIsWanted extends Rule {

    /// When anything was intended, at first or anew.
    private final Set<Instant> intents = new HashSet<>();

    DestructionIsWanted() {
        super(23, "a destructive call that comes too late is refused by the cloud");
    }

    @Override
    public void destroyed(String action, String eni, Instant signedAt, Instant now) {
        meet();
        require(
                intents.contains(signedAt),
                () -> action + " of " + eni + " is signed with " + signedAt + ", when nothing was intended");
        var intended = world().log().nodes().values().stream()
                .flatMap(node -> node.intents().values().stream())
                .map(pending -> pending.intent())
                .filter(intent -> names(intent, eni))
                .toList();
        require(
                !intended.isEmpty()
                        || action.equals("UnassignPrivateIpAddresses")
                        || !world().log().isHeld(eni),
                () -> action + " of " + eni + " at " + now + ", signed " + signedAt
                        + ", while pods use it and nobody wants it");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (after.intents() != before.intents()) {
            after.intents()
                    .values()
                    .forEach(pending -> intents.add(pending.intent().intendedAt()));
        }
    }

    private static boolean names(CloudIntent intent, String eni) {
        return switch (intent) {
            case CloudIntent.CreateEni i -> false;
            case CloudIntent.AttachEni i -> false;
            case CloudIntent.AssignAddresses i -> false;
            case CloudIntent.UnassignAddresses i -> i.eni().value().equals(eni);
            case CloudIntent.DetachEni i -> i.eni().value().equals(eni);
            case CloudIntent.DeleteEni i -> i.eni().value().equals(eni);
        };
    }
}
