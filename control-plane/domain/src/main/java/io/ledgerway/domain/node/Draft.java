package io.ledgerway.domain.node;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A decision in the making: each event is folded in at once, so that the next one rests on it.
final class Draft {

    private final Header header;
    private final List<NodeEvent> events = new ArrayList<>();
    private final List<Instant> times = new ArrayList<>();
    private final Node ground;
    private Node node;
    private Instant at;
    private final Set<IpAddress> knownToNode = new LinkedHashSet<>();
    private int identifiers;

    Draft(Node node, Header header) {
        this.ground = node;
        this.node = node;
        this.header = header;
        this.at = header.at();
    }

    /// What is added from here on became valid at that time.
    void validFrom(Instant time) {
        at = time;
    }

    Instant at() {
        return at;
    }

    /// Whether the address has become idle by this decision: the node has not heard of it, so nobody else chooses it.
    boolean isFresh(IpAddress ip) {
        return !knownToNode.contains(ip) && wasNotIdle(ip);
    }

    /// The node itself has told that these are idle, or will be: it may be choosing one at this moment.
    void nodeKnows(List<IpAddress> addresses) {
        knownToNode.addAll(addresses);
    }

    private boolean wasNotIdle(IpAddress ip) {
        return switch (ground.addresses().get(ip)) {
            case null -> true;
            case Address.Idle a -> false;
            case Address.Withdrawing a -> false;
            case Address.Arriving a -> true;
            case Address.Bound a -> true;
            case Address.Cooling a -> true;
            case Address.Withdrawn a -> true;
            case Address.Stranded a -> true;
        };
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
        times.add(at);
    }

    /// The next intent id that this decision may give away, derived from the command, never drawn.
    IntentId nextIntent() {
        return header.id().intent(identifiers++);
    }

    /// The name of a wish that this decision makes.
    WishId nextWish() {
        return new WishId("w-" + header.id().value() + "-" + identifiers++);
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
        return new Decision<>(events, times, answer);
    }
}
