package io.ledgerway.domain.node;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.IntentId;
import java.util.ArrayList;
import java.util.List;

/// A decision in the making: each event is folded in at once, so that the next one rests on it.
final class Draft {

    private final Header header;
    private final List<NodeEvent> events = new ArrayList<>();
    private Node node;
    private int identifiers;

    Draft(Node node, Header header) {
        this.node = node;
        this.header = header;
    }

    Node node() {
        return node;
    }

    Header header() {
        return header;
    }

    void add(NodeEvent event) {
        node = node.evolve(event);
        events.add(event);
    }

    /// The next intent id that this decision may give away, derived from the command, never drawn.
    IntentId nextIntent() {
        return header.id().intent(identifiers++);
    }

    /// The token of an intent's first attempt.
    static ClientToken firstToken(IntentId intent) {
        return new ClientToken("lw-" + intent.value());
    }

    /// The token that follows one that the cloud has burnt.
    ClientToken freshToken() {
        return new ClientToken("lw-" + header.id().value() + "-t" + identifiers++);
    }

    Decision<NodeEvent, NodeAnswer> answer(NodeAnswer answer) {
        return new Decision<>(events, answer);
    }
}
