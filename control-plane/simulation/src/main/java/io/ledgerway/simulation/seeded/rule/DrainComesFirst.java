package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import java.util.Optional;

/// The log decides nothing for a node while it lacks an entry that the node had on disk when it asked.
final class DrainComesFirst extends Rule {

    DrainComesFirst() {
        super(16, "the log is asked for nothing before it has the journal");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        // A registration begins the journal's drain.
        if (entry.command().orElse(null) instanceof NodeCommand.FromNode asked
                && !(asked instanceof NodeCommand.RegisterNode)) {
            asked.mark().ifPresent(mark -> compare(event, asked, mark, before.journal()));
        }
    }

    private void compare(NodeEvent event, NodeCommand asked, JournalMark mark, Optional<JournalMark> heard) {
        if (mark.sequence() > 0 && heard.map(JournalMark::journal).equals(Optional.of(mark.journal()))) {
            meet();
            require(
                    mark.sequence() <= heard.get().sequence(),
                    () -> event + " comes of " + asked + ", and the log has heard the journal up to " + heard);
        }
    }
}
