package io.ledgerway.domain.node;

import io.ledgerway.domain.node.NodeEvent.JournalDrained;
import io.ledgerway.domain.node.NodeEvent.JournalEntryKept;
import io.ledgerway.domain.node.NodeEvent.JournalLost;
import io.ledgerway.domain.node.NodeEvent.JournalStarted;
import java.util.Optional;

/// How far the log has heard the journals of a node.
final class JournalEvolution {

    private JournalEvolution() {}

    static Node started(Node node, JournalStarted e) {
        return heard(node, new JournalMark(e.journal(), 0));
    }

    static Node lost(Node node, JournalLost e) {
        return e.before().equals(e.now()) ? node : heard(node, new JournalMark(e.now(), 0));
    }

    static Node drained(Node node, JournalDrained e) {
        var mark = new JournalMark(e.journal(), e.through());
        return node.journal().map(known -> known.journal().equals(e.journal())).orElse(false)
                ? heard(node, mark)
                : heardOfPredecessor(node, mark);
    }

    /// What an older incarnation did is heard entry by entry; of the node's own journal the batch's end tells.
    static Node kept(Node node, JournalEntryKept e) {
        return node.incarnation().equals(Optional.of(e.incarnation()))
                ? node
                : new NodeChange(node)
                        .predecessor(
                                e.incarnation(),
                                Optional.of(
                                        new JournalMark(e.journal(), e.entry().sequence())))
                        .done();
    }

    private static Node heard(Node node, JournalMark mark) {
        return new NodeChange(node).journal(Optional.of(mark)).done();
    }

    private static Node heardOfPredecessor(Node node, JournalMark mark) {
        for (var predecessor : node.predecessors().entrySet()) {
            if (predecessor.getValue().map(JournalMark::journal).equals(Optional.of(mark.journal()))) {
                return new NodeChange(node)
                        .predecessor(predecessor.getKey(), Optional.of(mark))
                        .done();
            }
        }
        return node;
    }
}
