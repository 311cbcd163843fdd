package io.ledgerway.server.testing;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeDecider;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.CommittedNode;
import io.ledgerway.server.run.LogPosition;
import io.ledgerway.server.run.LogUnavailable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A log of one partition in memory, which can be taken away and given back.
public final class MemoryLog implements Commands {

    private final Map<NodeName, CommittedNode> nodes = new LinkedHashMap<>();
    private final List<NodeEvent> events = new ArrayList<>();
    private final List<Consumer<NodeName>> listeners = new CopyOnWriteArrayList<>();
    private boolean away;
    private Optional<CompletableFuture<Void>> held = Optional.empty();

    @Override
    public CompletableFuture<Reply> execute(NodeCommand command) {
        Reply reply;
        CompletableFuture<Void> told;
        synchronized (this) {
            if (away) {
                return CompletableFuture.failedFuture(new LogUnavailable("the log is away", null));
            }
            var before = node(command.node());
            var decision = NodeDecider.decide(before.state(), command);
            var state = before.state();
            for (var event : decision.events()) {
                state = state.evolve(event);
                events.add(event);
            }
            if (!decision.events().isEmpty()) {
                nodes.put(command.node(), new CommittedNode(command.node(), state, end()));
            }
            told = held.orElseGet(() -> CompletableFuture.completedFuture(null));
            held = Optional.empty();
            reply = new Reply(decision.answer(), node(command.node()).position(), System.nanoTime());
        }
        listeners.forEach(listener -> listener.accept(command.node()));
        return told.thenApply(done -> reply);
    }

    @Override
    public synchronized CommittedNode node(NodeName name) {
        if (away) {
            throw new LogUnavailable("the log is away", null);
        }
        return nodes.getOrDefault(name, new CommittedNode(name, Node.EMPTY, new LogPosition(0, -1, 1)));
    }

    @Override
    public synchronized List<NodeName> nodes() {
        return List.copyOf(nodes.keySet());
    }

    @Override
    public Subscription subscribe(Consumer<NodeName> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    public synchronized void takeAway() {
        away = true;
    }

    public synchronized void giveBack() {
        away = false;
    }

    /// Who asks next gets the answer when the test says so.
    public synchronized Runnable hold() {
        var next = new CompletableFuture<Void>();
        held = Optional.of(next);
        return () -> next.complete(null);
    }

    public synchronized List<NodeEvent> events() {
        return List.copyOf(events);
    }

    private LogPosition end() {
        return new LogPosition(0, events.size() - 1L, 1);
    }
}
