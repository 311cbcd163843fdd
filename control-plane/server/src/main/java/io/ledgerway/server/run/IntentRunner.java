package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cloud.Outstanding;
import io.ledgerway.domain.cloud.Provisioning;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.server.run.NodeWork.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/// Does what the committed state of each node leaves to be done: cloud calls, the end of a cool-down,
/// another look at a pool. It keeps nothing that a restart would miss: what is outstanding is read from the
/// fold each time, and what came of it is a command.
///
/// One thread looks and decides what is due; [CloudCalls] and [CapacityLookUp] ask the cloud on threads of their own;
/// [NodeWork] knows what is on its way.
public final class IntentRunner implements AutoCloseable {

    /// No timer is set further ahead, so that a clock that was put right is noticed.
    static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(IntentRunner.class);

    private final Commands commands;
    private final Optional<PoolTarget> pool;
    private final Backoff backoff;
    private final InstantSource clock;
    private final Workers workers;
    private final NodeTasks tasks;
    private final CloudCalls calls;
    private final CapacityLookUp lookUp;
    private final Map<NodeName, Boolean> toLookAt = new ConcurrentHashMap<>();
    private volatile Commands.Subscription subscription = () -> {};

    /// Told of every attempt, for the metrics.
    public interface Watcher {
        void attempted(CloudIntent intent, CloudOutcome outcome, Duration took);
    }

    /// What makes a runner deterministic in a test.
    ///
    /// @param workers the runner's own, closed with it
    public record Surroundings(
            InstantSource clock, RandomGenerator random, Supplier<CommandId> ids, Pause pause, Workers workers) {}

    /// @param pool what every node's pool is configured to; none leaves pools as they are
    public IntentRunner(
            Commands commands,
            Cloud cloud,
            Optional<PoolTarget> pool,
            Backoff backoff,
            Watcher watcher,
            Surroundings surroundings) {
        this.commands = commands;
        this.pool = pool;
        this.backoff = backoff;
        this.clock = surroundings.clock();
        this.workers = surroundings.workers();
        this.tasks = new NodeTasks(commands, surroundings, backoff.longest(), this::wake);
        this.calls = new CloudCalls(cloud, tasks, surroundings, backoff, watcher);
        this.lookUp = new CapacityLookUp(commands, cloud, tasks, surroundings, backoff);
    }

    /// Begins with everything that the log leaves to be done, and goes on with every change.
    public void start() {
        subscription = commands.subscribe(this::wake);
        commands.nodes().forEach(this::wake);
    }

    /// Looks at the node soon; several wakes before the look are one.
    public void wake(NodeName node) {
        if (toLookAt.put(node, true) == null) {
            workers.look(() -> {
                toLookAt.remove(node);
                look(node);
            });
        }
    }

    private void wakeIn(NodeName node, Duration time) {
        workers.lookIn(time, () -> wake(node));
    }

    private void look(NodeName name) {
        try {
            var committed = commands.node(name);
            var work = tasks.of(name);
            work.seen(committed.position().sequence());
            configure(name, committed.state(), work);
            var outstanding = Provisioning.outstanding(committed.state());
            work.stillRest(outstanding);
            for (var due : outstanding) {
                switch (due) {
                    case Outstanding.CloudCall call -> call(name, call.pending(), work);
                    case Outstanding.CoolingEnds cooling -> rest(name, cooling, committed.state(), work);
                    case Outstanding.GuardEnds guard -> endGuard(name, guard, work);
                    case Outstanding.PoolReviewDue review -> review(name, review.at(), work);
                    case Outstanding.CapacityNeeded needed ->
                        lookUp.begin(
                                name,
                                needed.instance(),
                                committed.state(),
                                committed.state().target().or(() -> pool));
                }
            }
        } catch (LogUnavailable e) {
            LOG.debugf("node %s is looked at again: %s", name, e.getMessage());
            wakeIn(name, NodeTasks.LOG_AWAY);
        } catch (RuntimeException e) {
            LOG.errorf(e, "looking at node %s failed; it is looked at again", name);
            wakeIn(name, NodeTasks.LOG_AWAY);
        }
    }

    private void configure(NodeName name, Node state, NodeWork work) {
        if (pool.isPresent()
                && state.incarnation().isPresent()
                && !state.target().equals(pool)
                && work.begins(new Task.Configuration())) {
            tasks.tell(name, new Task.Configuration(), new NodeCommand.ConfigurePool(tasks.header(), name, pool.get()));
        }
    }

    private void review(NodeName name, Instant until, NodeWork work) {
        var task = new Task.Review(until);
        var left = left(until, backoff.longestOfAll());
        if (left.isPositive()) {
            sleep(name, left, work);
        } else if (work.begins(task)) {
            tasks.tell(name, task, new NodeCommand.ReviewPool(tasks.header(), name, until));
        }
    }

    /// More than the longest wait that there is has been told by a clock that was ahead, or ours is behind.
    private Duration left(Instant until, Duration longest) {
        var left = Duration.between(clock.instant(), until);
        return left.compareTo(longest) <= 0 ? left : Duration.ZERO;
    }

    /// One timer for the earliest thing to come is enough: each look that it causes sets the next one.
    private void sleep(NodeName name, Duration left, NodeWork work) {
        var time = left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP;
        if (!work.setsAlarm(workers.nanoTime(), time)) {
            return;
        }
        workers.lookIn(time.plusMillis(1), () -> {
            work.alarmRang();
            wake(name);
        });
    }

    private void call(NodeName name, PendingIntent pending, NodeWork work) {
        // A first attempt waits for nothing; the time of its intent may be that of a node whose clock is ahead.
        var longest = pending.attempt() == 1 ? Duration.ZERO : backoff.longestOfAll();
        var left = left(pending.notBefore(), longest);
        if (left.isPositive()) {
            sleep(name, left, work);
            return;
        }
        calls.attempt(name, pending);
    }

    /// Rule 9: a rest is a duration, measured here; the clock that told of its begin may be wrong. A
    /// restart begins it anew.
    private void rest(NodeName name, Outstanding.CoolingEnds cooling, Node state, NodeWork work) {
        var whole = state.target().map(PoolTarget::coolDown).orElse(Duration.ZERO);
        long now = workers.nanoTime();
        var left = whole.minusNanos(now - work.restsSince(cooling.at(), now));
        var task = new Task.Cooling(cooling.at());
        if (left.isPositive()) {
            sleep(name, left, work);
        } else if (work.begins(task)) {
            tasks.tell(
                    name,
                    task,
                    new NodeCommand.EndCooling(tasks.header(), name, cooling.addresses(), List.of(), cooling.at()));
        }
    }

    /// A late call has perhaps been heard until the end of the guard, and what it did shows a little later.
    private void endGuard(NodeName name, Outstanding.GuardEnds guard, NodeWork work) {
        var left = Duration.between(clock.instant(), guard.at().plus(CloudAttempt.STALE_READS));
        if (left.isPositive()) {
            sleep(name, left, work);
            return;
        }
        calls.lookAtGuarded(name, guard);
    }

    /// Stops looking and interrupts what is on its way; whoever starts next goes on from the log.
    @Override
    public void close() {
        subscription.close();
        workers.close();
    }
}
