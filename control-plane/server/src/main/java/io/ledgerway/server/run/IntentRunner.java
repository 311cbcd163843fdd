package io.ledgerway.server.run;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/// Does what the committed state of each node leaves to be done: cloud calls, the end of a cool-down,
/// another look at a pool. It keeps nothing that a restart would miss: what is outstanding is read from the
/// fold each time, and what came of it is a command.
///
/// One thread looks; calls run on threads of their own; [NodeWork] knows what is on its way.
public final class IntentRunner implements AutoCloseable {

    /// The cloud serialises more than these on one instance with errors.
    static final int MOST_ATTACHES_PER_INSTANCE = 5;

    static final int MOST_CALLS_AT_ONCE = 64;

    /// How soon a node is looked at again after the log did not take what it was told.
    static final Duration LOG_AWAY = Duration.ofSeconds(1);

    /// No timer is set further ahead, so that a clock that was put right is noticed.
    static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(IntentRunner.class);
    private static final String ACTOR = "control-plane";

    private final Commands commands;
    private final Cloud cloud;
    private final Watcher watcher;
    private final Optional<PoolTarget> pool;
    private final Backoff backoff;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Supplier<CommandId> ids;
    private final CloudAttempt attempt;

    private final Workers workers;
    private final Semaphore atOnce = new Semaphore(MOST_CALLS_AT_ONCE);
    private final Map<NodeName, Boolean> toLookAt = new ConcurrentHashMap<>();
    private final Map<NodeName, NodeWork> works = new HashMap<>();
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
        this.cloud = cloud;
        this.watcher = watcher;
        this.pool = pool;
        this.backoff = backoff;
        this.clock = surroundings.clock();
        this.random = surroundings.random();
        this.ids = surroundings.ids();
        this.workers = surroundings.workers();
        this.attempt = new CloudAttempt(cloud, clock, surroundings.pause(), backoff, random);
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
            var work = works.computeIfAbsent(name, ignored -> new NodeWork());
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
                    case Outstanding.CapacityNeeded needed -> learn(name, needed.instance(), committed.state(), work);
                }
            }
        } catch (LogUnavailable e) {
            LOG.debugf("node %s is looked at again: %s", name, e.getMessage());
            wakeIn(name, LOG_AWAY);
        } catch (RuntimeException e) {
            LOG.errorf(e, "looking at node %s failed; it is looked at again", name);
            wakeIn(name, LOG_AWAY);
        }
    }

    private void configure(NodeName name, Node state, NodeWork work) {
        if (pool.isPresent()
                && state.incarnation().isPresent()
                && !state.target().equals(pool)
                && work.begins(new Task.Configuration())) {
            tell(name, new Task.Configuration(), new NodeCommand.ConfigurePool(header(), name, pool.get()));
        }
    }

    private void review(NodeName name, Instant until, NodeWork work) {
        var task = new Task.Review(until);
        var left = left(until, backoff.longestOfAll());
        if (left.isPositive()) {
            sleep(name, left, work);
        } else if (work.begins(task)) {
            tell(name, task, new NodeCommand.ReviewPool(header(), name, until));
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
        var until = clock.instant().plus(time);
        if (!work.setsAlarm(until)) {
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
        boolean attach = pending.intent() instanceof CloudIntent.AttachEni;
        if (attach && work.attaching() >= MOST_ATTACHES_PER_INSTANCE) {
            return;
        }
        var task = new Task.Attempt(pending.intent().id(), attach);
        if (work.begins(task)) {
            inBackground(name, task, () -> {
                long began = workers.nanoTime();
                var result = attempt.perform(pending);
                watcher.attempted(pending.intent(), result.outcome(), Duration.ofNanos(workers.nanoTime() - began));
                report(name, pending, result.outcome());
                tell(
                        name,
                        task,
                        new NodeCommand.RecordCloudOutcome(
                                header(correlation(pending.intent().id()), result.requestId()),
                                name,
                                pending.intent().id(),
                                result.outcome(),
                                Optional.of(pending.intent())));
            });
        }
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
            tell(name, task, new NodeCommand.EndCooling(header(), name, cooling.addresses(), List.of(), cooling.at()));
        }
    }

    /// A late call has perhaps been heard until the end of the guard, and what it did shows a little later.
    private void endGuard(NodeName name, Outstanding.GuardEnds guard, NodeWork work) {
        var left = Duration.between(clock.instant(), guard.at().plus(CloudAttempt.STALE_READS));
        if (left.isPositive()) {
            sleep(name, left, work);
            return;
        }
        var task = new Task.Guard(guard.eni());
        if (!work.begins(task)) {
            return;
        }
        inBackground(name, task, () -> {
            switch (cloud.describeEni(guard.eni())) {
                case Cloud.Answer.Ok<Optional<Cloud.EniSeen>> ok -> {
                    var there = ok.value().map(Cloud.EniSeen::addresses).orElse(List.of());
                    var gone = new ArrayList<>(guard.addresses());
                    gone.removeAll(there);
                    var kept = new ArrayList<>(guard.addresses());
                    kept.removeAll(gone);
                    tell(name, task, new NodeCommand.EndCooling(header(), name, kept, gone));
                }
                case Cloud.Answer.No<Optional<Cloud.EniSeen>> no -> {
                    LOG.warnf(
                            "node %s: whether ENI %s still holds %s is not known: %s: %s",
                            name, guard.eni(), guard.addresses(), no.code(), no.message());
                    forgetIn(name, task, backoff.longest());
                }
            }
        });
    }

    private void learn(NodeName name, InstanceId instance, Node state, NodeWork work) {
        var target = state.target().or(() -> pool);
        var task = new Task.LookUp();
        if (target.isEmpty() || !work.begins(task)) {
            return;
        }
        inBackground(name, task, () -> {
            var wanted = target.get().vSwitches();
            switch (cloud.describeInstance(instance, wanted)) {
                case Cloud.Answer.Ok<Cloud.InstanceSeen> ok
                when InstanceFacts.teach(state, ok.value()) -> {
                    var after = commands.node(name).state();
                    workers.look(work::lookedUp);
                    tell(
                            name,
                            task,
                            new NodeCommand.LearnCapacity(
                                    header(ids.get().value(), ok.requestId()),
                                    name,
                                    InstanceFacts.capacity(ok.value(), state, after),
                                    ok.value().vSwitches()));
                }
                case Cloud.Answer.Ok<Cloud.InstanceSeen> ok ->
                    lookUpIn(
                            name,
                            task,
                            backoff.vSwitchRest(),
                            "ECS does not have all of the vSwitches " + wanted + " that its pool names");
                case Cloud.Answer.No<Cloud.InstanceSeen> no ->
                    workers.look(() -> lookUpIn(
                            name,
                            task,
                            backoff.after(work.lookedUpInVain(), random),
                            "what instance " + instance + " may hold is not known: " + no.code() + ": "
                                    + no.message()));
            }
        });
    }

    private void lookUpIn(NodeName name, Task task, Duration wait, String why) {
        LOG.warnf("node %s: %s; asked again in %d ms", name, why, wait.toMillis());
        forgetIn(name, task, wait);
    }

    private interface Interruptible {
        void run() throws InterruptedException;
    }

    private void inBackground(NodeName name, Task task, Interruptible work) {
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
                forgetIn(name, task, backoff.longest());
            }
        });
    }

    private void tell(NodeName name, Task task, NodeCommand command) {
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
                    works.get(name).told(task, reply.position().sequence());
                    wake(name);
                });
            } else {
                LOG.warnf("the log did not take %s, it is tried again: %s", command, failure.getMessage());
                forgetIn(name, task, LOG_AWAY);
            }
        });
    }

    /// The task may begin again after a while; what has become of it meanwhile is in the log.
    private void forgetIn(NodeName name, Task task, Duration time) {
        workers.lookIn(time, () -> {
            works.get(name).forget(task);
            wake(name);
        });
    }

    private static void report(NodeName name, PendingIntent pending, CloudOutcome outcome) {
        if (outcome instanceof CloudOutcome.Failed failed) {
            LOG.warnf(
                    "node %s: attempt %d at %s failed: %s %s: %s; next after %d ms",
                    name,
                    pending.attempt(),
                    pending.intent(),
                    failed.kind(),
                    failed.code(),
                    failed.message(),
                    failed.retryAfter().toMillis());
        } else {
            LOG.infof("node %s: %s -> %s", name, pending.intent(), outcome);
        }
    }

    /// An intent is named after the command that decided it, and that command's trace goes on in the outcome.
    private static String correlation(IntentId intent) {
        int dot = intent.value().lastIndexOf('.');
        return dot > 0 ? intent.value().substring(0, dot) : intent.value();
    }

    private Header header() {
        return header(Optional.empty(), Optional.empty());
    }

    private Header header(String correlation, Optional<String> requestId) {
        return header(Optional.of(correlation), requestId);
    }

    private Header header(Optional<String> correlation, Optional<String> requestId) {
        var id = ids.get();
        return new Header(id, clock.instant(), ACTOR, correlation.orElse(id.value()), requestId);
    }

    /// Stops looking and interrupts what is on its way; whoever starts next goes on from the log.
    @Override
    public void close() {
        subscription.close();
        workers.close();
    }
}
