package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.run.Commands.Reply;
import io.ledgerway.simulation.seeded.schedule.Process;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// After one call without an answer nobody asks for an address before the probe was answered.
final class OneTimeOutIsEnough extends Rule {

    /// A call that was on its way to be sent is sent.
    private static final Duration UNDER_WAY = Duration.ofSeconds(1);

    private final Map<Process, Long> away = new HashMap<>();

    OneTimeOutIsEnough() {
        super(14, "no pod waits for a time-out again before a probe was answered");
    }

    @Override
    public void unanswered(Process executor, NodeCommand command) {
        meet();
        away.putIfAbsent(executor, world().scheduler().now());
    }

    @Override
    public void answered(Process executor, NodeCommand command, Reply reply) {
        if (command instanceof NodeCommand.RegisterNode && !(reply.answer() instanceof NodeAnswer.Rejected)) {
            away.remove(executor);
        }
    }

    @Override
    public void asked(Process executor, NodeCommand command) {
        var since = away.get(executor);
        if (since != null && command instanceof NodeCommand.AllocateIp) {
            var passed = Duration.ofNanos(world().scheduler().now() - since);
            require(
                    passed.compareTo(UNDER_WAY) <= 0,
                    () -> executor + " asks " + command + " " + passed + " after a call had no answer");
        }
    }
}
