package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The log, and an ear for who asks it: a node that is heard is there, and one that is refused because its name is
/// another instance's gives reason to look at that one.
public final class HearingCommands implements Commands {

    private final Commands log;
    private final Presence presence;

    public HearingCommands(Commands log, Presence presence) {
        this.log = log;
        this.presence = presence;
    }

    @Override
    public CompletableFuture<Reply> execute(NodeCommand command) {
        var heardAt = presence.now();
        var told = log.execute(command);
        return command instanceof NodeCommand.FromNode asked
                ? told.thenApply(reply -> {
                    hear(asked, reply.answer(), heardAt);
                    return reply;
                })
                : told;
    }

    private void hear(NodeCommand.FromNode asked, NodeAnswer answer, Moment at) {
        if (!(answer instanceof NodeAnswer.Rejected no)) {
            hearDecided(asked, at);
            return;
        }
        switch (no.rejection().reason()) {
            case OTHER_INCARNATION -> {
                if (asked instanceof NodeCommand.RegisterNode) {
                    presence.contended(asked.node());
                }
            }
            case NODE_NOT_REGISTERED, NODE_RETIRED -> {
                // A stranger, or one that is taken apart: neither is the node.
            }
            case NODE_FULL, CLOUD_REFUSES, BEING_RELEASED, LATE_COMMAND, NODE_IN_USE ->
                presence.spoke(asked.node(), at);
        }
    }

    /// The journal of an older instance is heard, and is no word of the one that has the name.
    private void hearDecided(NodeCommand.FromNode asked, Moment at) {
        if (!(asked instanceof NodeCommand.DrainJournal) || hasTheName(asked)) {
            presence.spoke(asked.node(), at);
        }
    }

    private boolean hasTheName(NodeCommand.FromNode asked) {
        try {
            return !log.node(asked.node()).state().predecessors().containsKey(asked.incarnation());
        } catch (LogUnavailable e) {
            return false;
        }
    }

    @Override
    public CommittedNode node(NodeName name) {
        return log.node(name);
    }

    @Override
    public List<NodeName> nodes() {
        return log.nodes();
    }

    @Override
    public Subscription subscribe(Consumer<NodeName> listener) {
        return log.subscribe(listener);
    }
}
