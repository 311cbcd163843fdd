package io.ledgerway.server.run;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.run.NodeWork.Task;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Carries out the tasks of all nodes: in the background what asks the cloud, and then tells the log what came of it.
/// A task that came to nothing is forgotten after a while and begins again at the next look at its node.
final class NodeTasks {

    static final int MOST_CALLS_AT_ONCE = 64;

    /// How soon a node is looked at again after the log did not take what it was told.
    static final Duration LOG_AWAY = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(NodeTasks.class);
    private static final String ACTOR = "control-plane";

    private final Commands commands;
    private final Workers workers;
    private final InstantSource clock;
    private final Supplier<CommandId> ids;
    private final Duration restAfterAFailure;
    private final Consumer<NodeName> wake;
    private final Semaphore atOnce = new Semaphore(MOST_CALLS_AT_ONCE);
    private final Map<NodeName, NodeWork> works = new HashMap<>();

    /// May be interrupted when everything is closed; whoever runs next finds the task in the log.
    interface Background {
        void run() throws InterruptedException;
    }

    /// @param wake has a node looked at soon
    NodeTasks(
            Commands commands, IntentRunner.Surroundings around, Duration restAfterAFailure, Consumer<NodeName> wake) {
        this.commands = commands;
        this.workers = around.workers();
        this.clock = around.clock();
        this.ids = around.ids();
        this.restAfterAFailure = restAfterAFailure;
        this.wake = wake;
    }

    /// For the looking thread.
    NodeWork of(NodeName node) {
        return works.computeIfAbsent(node, ignored -> new NodeWork());
    }

    void inBackground(NodeName name, Task task, Background work) {
        workers.call(() -> {
            try {
                atOnce.acquire();
                try {
                    work.run();
                } finally {
                    atOnce.release();
                }
            } catch (InterruptedException e) {
                // Stopped: whoever runs next finds the intent in the log.
            } catch (LogUnavailable e) {
                LOG.debugf("%s for node %s is tried again: %s", task, name, e.getMessage());
                forgetIn(name, task, LOG_AWAY);
            } catch (RuntimeException e) {
                LOG.errorf(e, "%s for node %s failed; it is tried again", task, name);
                forgetIn(name, task, restAfterAFailure);
            }
        });
    }

    /// The task is over when its node's committed state shows what the log has made of the command.
    void tell(NodeName name, Task task, NodeCommand command) {
        CompletableFuture<Commands.Reply> told;
        try {
            told = commands.execute(command);
        } catch (LogUnavailable e) {
            told = CompletableFuture.failedFuture(e);
        }
        told.whenComplete((reply, failure) -> {
            if (workers.isClosed()) {
                return;
            }
            if (failure == null) {
                workers.look(() -> {
                    of(name).told(task, reply.position().sequence());
                    wake.accept(name);
                });
            } else {
                LOG.warnf("the log did not take %s, it is tried again: %s", command, failure.getMessage());
                forgetIn(name, task, LOG_AWAY);
            }
        });
    }

    /// The task may begin again after a while; what has become of it meanwhile is in the log.
    void forgetIn(NodeName name, Task task, Duration time) {
        workers.lookIn(time, () -> {
            of(name).forget(task);
            wake.accept(name);
        });
    }

    /// Of a command that begins a trace of its own.
    Header header() {
        return header(Optional.empty(), Optional.empty());
    }

    /// @param correlation none if the trace begins here
    /// @param requestId of the cloud's answer that the command rests on
    Header header(Optional<String> correlation, Optional<String> requestId) {
        var id = ids.get();
        return new Header(id, clock.instant(), ACTOR, correlation.orElse(id.value()), requestId);
    }
}
