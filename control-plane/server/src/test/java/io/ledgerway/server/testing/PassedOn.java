package io.ledgerway.server.testing;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.CommittedNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A log that passes everything on to another one, for a test to change one thing of it.
public abstract class PassedOn implements Commands {

    private final Commands to;

    protected PassedOn(Commands to) {
        this.to = to;
    }

    @Override
    public CompletableFuture<Reply> execute(NodeCommand command) {
        return to.execute(command);
    }

    @Override
    public CommittedNode node(NodeName name) {
        return to.node(name);
    }

    @Override
    public List<NodeName> nodes() {
        return to.nodes();
    }

    @Override
    public Subscription subscribe(Consumer<NodeName> listener) {
        return to.subscribe(listener);
    }
}
