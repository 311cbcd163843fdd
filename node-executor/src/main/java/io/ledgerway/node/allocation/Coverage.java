package io.ledgerway.node.allocation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// How much of the journal the watched state shows: the log has an entry from the position of its drain on, so a state
/// that covers that position shows the entry, or what the log made of it.
final class Coverage {

    private record Drained(long through, Position at) {}

    private final Deque<Drained> notSeen = new ArrayDeque<>();
    private long through = -1;

    /// Where the log had compared the kernel with what it knows, after the last loss.
    private Optional<Position> comparedAt = Optional.empty();

    /// The log has the entries up to this one, at this position.
    void drained(long upTo, Position at) {
        notSeen.addLast(new Drained(upTo, at));
    }

    /// @return the last entry that the state shows; -1 before the first
    long seenBy(NodeState state) {
        while (!notSeen.isEmpty() && state.covers(notSeen.getFirst().at())) {
            through = Math.max(through, notSeen.removeFirst().through());
        }
        return through;
    }

    boolean isShown(NodeState state) {
        seenBy(state);
        return notSeen.isEmpty();
    }

    void compared(Position at) {
        comparedAt = Optional.of(at);
    }

    boolean showsComparison(NodeState state) {
        return comparedAt.filter(state::covers).isPresent();
    }

    /// Another journal begins, whose first entry is 1: what the one before said counts as entry 0, which the log has.
    void begunAnew() {
        comparedAt = Optional.empty();
        var last = notSeen.peekLast();
        notSeen.clear();
        if (last == null) {
            through = 0;
        } else {
            through = -1;
            notSeen.addLast(new Drained(0, last.at()));
        }
    }
}
