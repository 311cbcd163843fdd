package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.server.run.NodeWork.Task;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/// Asks the cloud what a node's instance may hold, and what the vSwitches of its pool are, until the log knows it.
final class CapacityLookUp {

    private static final Logger LOG = Logger.getLogger(CapacityLookUp.class);

    private final Commands commands;
    private final Cloud cloud;
    private final NodeTasks tasks;
    private final Workers workers;
    private final Backoff backoff;
    private final RandomGenerator random;

    CapacityLookUp(Commands commands, Cloud cloud, NodeTasks tasks, IntentRunner.Surroundings around, Backoff backoff) {
        this.commands = commands;
        this.cloud = cloud;
        this.tasks = tasks;
        this.workers = around.workers();
        this.backoff = backoff;
        this.random = around.random();
    }

    /// @param target of the node's pool; without one there is nothing to look up
    void begin(NodeName name, InstanceId instance, Node state, Optional<PoolTarget> target) {
        var task = new Task.LookUp();
        if (target.isEmpty() || !tasks.of(name).begins(task)) {
            return;
        }
        tasks.inBackground(name, task, () -> {
            var wanted = target.get().vSwitches();
            switch (cloud.describeInstance(instance, wanted)) {
                case Cloud.Answer.Ok<Cloud.InstanceSeen> ok
                when InstanceFacts.teach(state, ok.value()) -> learn(name, task, state, ok);
                case Cloud.Answer.Ok<Cloud.InstanceSeen> ok ->
                    again(
                            name,
                            task,
                            backoff.vSwitchRest(),
                            "ECS does not have all of the vSwitches " + wanted + " that its pool names");
                case Cloud.Answer.No<Cloud.InstanceSeen> no ->
                    workers.look(() -> again(
                            name,
                            task,
                            backoff.after(tasks.of(name).lookedUpInVain(), random),
                            "what instance " + instance + " may hold is not known: " + no.code() + ": "
                                    + no.message()));
            }
        });
    }

    private void learn(NodeName name, Task task, Node state, Cloud.Answer.Ok<Cloud.InstanceSeen> seen) {
        var after = commands.node(name).state();
        workers.look(() -> tasks.of(name).lookedUp());
        tasks.tell(
                name,
                task,
                new NodeCommand.LearnCapacity(
                        tasks.header(Optional.empty(), seen.requestId()),
                        name,
                        InstanceFacts.capacity(seen.value(), state, after),
                        seen.value().vSwitches()));
    }

    private void again(NodeName name, Task task, Duration wait, String why) {
        LOG.warnf("node %s: %s; asked again in %d ms", name, why, wait.toMillis());
        tasks.forgetIn(name, task, wait);
    }
}
