package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The log, as the loops and the node API see it: commands go in, durable answers and committed states come out.
public interface Commands {

    /// Completes once the answer and all it rests on are durable; fails with [LogUnavailable] when that cannot be said.
    CompletableFuture<Reply> execute(NodeCommand command);

    /// The node's committed state; a node that the log has never heard of is empty. Throws [LogUnavailable] when no
    /// partition answers for it.
    CommittedNode node(NodeName name);

    /// Every node that the log knows.
    List<NodeName> nodes();

    /// Tells of every node whose committed state has changed, after the change can be read. A listener must be quick.
    Subscription subscribe(Consumer<NodeName> listener);

    /// @param acceptedNanos when the decision had its place in the log, by `System.nanoTime`
    record Reply(NodeAnswer answer, LogPosition position, long acceptedNanos) {}

    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
