package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.run.Commands.Reply;

/// What an owner answers is so in the log at the position that it names, even if nothing was appended; and at the
/// moment when it is free to answer, that position is durable and nothing is behind it but what became durable with it.
/// The rest of the batch may undo what is answered: the boot of a machine ends what it asked for before.
final class AnswersAreTheLogs extends Rule {

    AnswersAreTheLogs() {
        super(22, "an answer that appends nothing is no older than the log");
    }

    @Override
    public void confirmed(NodeCommand command, Reply reply) {
        long behind = world().log().size() - 1 - reply.position().sequence();
        if (reply.answer() instanceof NodeAnswer.Granted granted) {
            meet();
            var known = world().log()
                    .node(command.node(), reply.position().sequence())
                    .flatMap(node -> node.endpoint(granted.request().attachment()));
            require(
                    known.flatMap(Endpoint::allocation)
                            .filter(granted.allocation()::equals)
                            .isPresent(),
                    () -> command + " is answered with " + granted.allocation() + " at " + reply.position()
                            + ", the log is " + behind + " records further and has " + known);
        }
        require(
                reply.position().epoch() >= world().log().epoch(),
                () -> command + " is answered under " + reply.position() + ", the log is in epoch "
                        + world().log().epoch());
    }
}
