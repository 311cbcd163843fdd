package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;

/// An endpoint's end is told when the kernel holds nothing of it that a packet could use, whatever was said before.
final class HoldingEndsWithTheLink extends Rule {

    HoldingEndsWithTheLink() {
        super(26, "a holding ends when the endpoint is gone, and not with a word");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (event instanceof NodeEvent.EndpointRemoved removed) {
            meet();
            after.incarnation()
                    .flatMap(world().machines()::of)
                    .ifPresent(host -> host.links()
                            .living()
                            .forEach(link -> require(
                                    !link.sandbox().equals(removed.sandbox().value()),
                                    () -> event + " by " + entry.command() + ", and " + host + " has " + link)));
        }
    }
}
