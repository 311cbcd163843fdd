package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;

/// A pod that is refused for the same reason again leaves nothing more in the log.
final class RefusalIsRecordedOnce extends Rule {

    RefusalIsRecordedOnce() {
        super(13, "repeated refusals for one reason leave one event");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (event instanceof NodeEvent.IpRequestRejected rejected) {
            meet();
            var known = before.rejected().get(rejected.request().attachment());
            require(known != rejected.rejection().reason(), () -> event + " is recorded a second time");
        }
    }
}
