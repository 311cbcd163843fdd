package io.ledgerway.domain.node;

import io.ledgerway.domain.node.NodeEvent.AddressesHeldBack;
import io.ledgerway.domain.node.NodeEvent.JournalDrained;
import io.ledgerway.domain.node.NodeEvent.JournalEntryKept;
import io.ledgerway.domain.node.NodeEvent.JournalLost;
import io.ledgerway.domain.node.NodeEvent.JournalStarted;
import java.util.LinkedHashMap;
import java.util.Optional;

/// How far the log has heard the journals of a node, and what it makes of one that is lost.
final class JournalEvolution {

    private JournalEvolution() {}

    static Node started(Node node, JournalStarted e) {
        return heard(node, new JournalMark(e.journal(), 0));
    }

    static Node lost(Node node, JournalLost e) {
        return e.before().equals(e.now())
                ? node
                : new NodeChange(node)
                        .journal(Optional.of(new JournalMark(e.now(), 0)))
                        .pastJournal(e.before())
                        .done();
    }

    static Node heldBack(Node node, AddressesHeldBack e) {
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : e.addresses()) {
            var address = addresses.get(ip);
            if (!(address instanceof Address.Idle) && !(address instanceof Address.Cooling)) {
                throw NodeEvolution.impossible(node, e, ip + " is " + NodeDecider.described(address));
            }
            addresses.put(ip, new Address.Cooling(address.eni(), e.coolUntil()));
        }
        return new NodeChange(node).addresses(Node.frozen(addresses)).done();
    }

    static Node drained(Node node, JournalDrained e) {
        var mark = new JournalMark(e.journal(), e.through());
        if (node.journal().map(JournalMark::journal).equals(Optional.of(e.journal()))) {
            return heard(node, mark);
        }
        return node.predecessors().entrySet().stream()
                .filter(past -> past.getValue().map(JournalMark::journal).equals(Optional.of(e.journal())))
                .findFirst()
                .map(past -> heardOfPredecessor(node, past.getKey(), mark))
                .orElseThrow(() -> NodeEvolution.impossible(node, e, "nobody has kept that journal"));
    }

    /// What an older incarnation did is heard entry by entry; of the node's own journal the batch's end tells.
    static Node kept(Node node, JournalEntryKept e) {
        return node.predecessors().containsKey(e.incarnation())
                ? heardOfPredecessor(
                        node,
                        e.incarnation(),
                        new JournalMark(e.journal(), e.entry().sequence()))
                : node;
    }

    private static Node heard(Node node, JournalMark mark) {
        return new NodeChange(node).journal(Optional.of(mark)).done();
    }

    private static Node heardOfPredecessor(Node node, Incarnation past, JournalMark mark) {
        return new NodeChange(node).predecessor(past, Optional.of(mark)).done();
    }
}
