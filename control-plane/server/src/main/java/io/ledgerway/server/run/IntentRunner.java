package io.ledgerway.server.run;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cloud.Outstanding;
import io.ledgerway.domain.cloud.Provisioning;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCapacity;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.domain.node.PoolTarget;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/// Does what the committed state of each node leaves to be done: cloud calls, the end of a cool-down, another look at a
/// pool. It keeps nothing that a restart would miss: what is outstanding is read from the fold each time, and what came
/// of it is a command.
///
/// One thread looks; calls run on threads of their own. A task is on its way from its start until the committed state
/// shows its outcome, so no task is started twice because its outcome is still travelling.
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

    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("intent-runner").factory());
    private final ExecutorService calls = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("cloud-call-", 0).factory());
    private final Semaphore atOnce = new Semaphore(MOST_CALLS_AT_ONCE);
    private final Map<NodeName, Boolean> toLookAt = new ConcurrentHashMap<>();
    private final Map<NodeName, Work> works = new HashMap<>();
    private volatile Commands.Subscription subscription = () -> {};

    /// Told of every attempt, for the metrics.
    public interface Watcher {
        void attempted(CloudIntent intent, CloudOutcome outcome, Duration took);
    }

    /// What makes a runner deterministic in a test.
    public record Surroundings(InstantSource clock, RandomGenerator random, Supplier<CommandId> ids, Pause pause) {}

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
        this.attempt = new CloudAttempt(cloud, surroundings.pause(), backoff, random);
    }

    /// What is on its way for one node. Only the looking thread touches it.
    private static final class Work {
        /// Task to the sequence at which its outcome can be read; `Long.MAX_VALUE` until that is known.
        final Map<Task, Long> onTheirWay = new HashMap<>();

        int capacityFailures;
        /// When the timer that is set will go off.
        Optional<Instant> alarm = Optional.empty();
    }

    /// What may be on its way once.
    private sealed interface Task {
        record Attempt(IntentId intent, boolean attach) implements Task {}

        record Cooling(Instant at) implements Task {}

        record Review(Instant at) implements Task {}

        record Capacity() implements Task {}

        record Configuration() implements Task {}
    }

    /// Begins with everything that the log leaves to be done, and goes on with every change.
    public void start() {
        subscription = commands.subscribe(this::wake);
        commands.nodes().forEach(this::wake);
    }

    /// Looks at the node soon; several wakes before the look are one.
    public void wake(NodeName node) {
        if (toLookAt.put(node, true) == null && !looker.isShutdown()) {
            looker.execute(() -> {
                toLookAt.remove(node);
                look(node);
            });
        }
    }

    private void wakeIn(NodeName node, Duration time) {
        if (!looker.isShutdown()) {
            looker.schedule(() -> wake(node), Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS);
        }
    }

    private void look(NodeName name) {
        try {
            var committed = commands.node(name);
            var work = works.computeIfAbsent(name, ignored -> new Work());
            work.onTheirWay
                    .values()
                    .removeIf(sequence -> sequence <= committed.position().sequence());
            configure(name, committed.state(), work);
            for (var due : Provisioning.outstanding(committed.state())) {
                switch (due) {
                    case Outstanding.CloudCall call -> call(name, call.pending(), work);
                    case Outstanding.CoolingEnds cooling ->
                        at(
                                name,
                                cooling.at(),
                                work,
                                new Task.Cooling(cooling.at()),
                                () -> new NodeCommand.EndCooling(header(), name, cooling.addresses()));
                    case Outstanding.PoolReviewDue review ->
                        at(
                                name,
                                review.at(),
                                work,
                                new Task.Review(review.at()),
                                () -> new NodeCommand.ReviewPool(header(), name));
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

    private void configure(NodeName name, Node state, Work work) {
        if (pool.isPresent()
                && state.incarnation().isPresent()
                && !state.target().equals(pool)
                && begins(work, new Task.Configuration())) {
            tell(name, new Task.Configuration(), new NodeCommand.ConfigurePool(header(), name, pool.get()));
        }
    }

    private void at(NodeName name, Instant time, Work work, Task task, Supplier<NodeCommand> command) {
        var left = Duration.between(clock.instant(), time);
        if (left.isPositive()) {
            sleep(name, left, work);
        } else if (begins(work, task)) {
            tell(name, task, command.get());
        }
    }

    /// One timer for the earliest thing to come is enough: each look that it causes sets the next one.
    private void sleep(NodeName name, Duration left, Work work) {
        var time = left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP;
        var until = clock.instant().plus(time);
        if (work.alarm.isPresent() && !work.alarm.get().isAfter(until)) {
            return;
        }
        work.alarm = Optional.of(until);
        looker.schedule(
                () -> {
                    work.alarm = Optional.empty();
                    wake(name);
                },
                time.toMillis() + 1,
                TimeUnit.MILLISECONDS);
    }

    private void call(NodeName name, PendingIntent pending, Work work) {
        var left = Duration.between(clock.instant(), pending.notBefore());
        if (left.isPositive()) {
            sleep(name, left, work);
            return;
        }
        boolean attach = pending.intent() instanceof CloudIntent.AttachEni;
        if (attach && attaching(work) >= MOST_ATTACHES_PER_INSTANCE) {
            return;
        }
        var task = new Task.Attempt(pending.intent().id(), attach);
        if (begins(work, task)) {
            inBackground(name, task, () -> {
                long began = System.nanoTime();
                var result = attempt.perform(pending);
                watcher.attempted(pending.intent(), result.outcome(), Duration.ofNanos(System.nanoTime() - began));
                report(name, pending, result.outcome());
                tell(
                        name,
                        task,
                        new NodeCommand.RecordCloudOutcome(
                                header(correlation(pending.intent().id()), result.requestId()),
                                name,
                                pending.intent().id(),
                                result.outcome()));
            });
        }
    }

    private static int attaching(Work work) {
        int count = 0;
        for (var task : work.onTheirWay.keySet()) {
            if (task instanceof Task.Attempt attempt && attempt.attach()) {
                count++;
            }
        }
        return count;
    }

    private void learn(NodeName name, InstanceId instance, Node state, Work work) {
        var target = state.target().or(() -> pool);
        var task = new Task.Capacity();
        if (target.isEmpty() || !begins(work, task)) {
            return;
        }
        inBackground(name, task, () -> {
            switch (cloud.describeInstance(instance, target.get().vSwitches())) {
                case Cloud.Answer.Ok<Cloud.InstanceSeen> ok ->
                    tell(
                            name,
                            task,
                            new NodeCommand.LearnCapacity(
                                    header(ids.get().value(), ok.requestId()),
                                    name,
                                    capacity(ok.value(), state),
                                    ok.value().vSwitches()));
                case Cloud.Answer.No<Cloud.InstanceSeen> no ->
                    looker.execute(() -> {
                        work.capacityFailures++;
                        var wait = backoff.after(work.capacityFailures, random);
                        LOG.warnf(
                                "what instance %s of node %s may hold is not known: %s: %s; asked again in %d ms",
                                instance, name, no.code(), no.message(), wait.toMillis());
                        forgetIn(name, task, wait);
                    });
            }
        });
    }

    private static NodeCapacity capacity(Cloud.InstanceSeen seen, Node state) {
        int notOurs = 0;
        for (EniId eni : seen.attached()) {
            if (!state.enis().containsKey(eni)) {
                notOurs++;
            }
        }
        return new NodeCapacity(
                seen.instanceType(), seen.zone(), seen.eniQuantity(), seen.ipv4PerEni(), seen.ipv6PerEni(), notOurs);
    }

    private boolean begins(Work work, Task task) {
        return work.onTheirWay.putIfAbsent(task, Long.MAX_VALUE) == null;
    }

    private interface Interruptible {
        void run() throws InterruptedException;
    }

    private void inBackground(NodeName name, Task task, Interruptible work) {
        calls.execute(() -> {
            try {
                atOnce.acquire();
                try {
                    work.run();
                } finally {
                    atOnce.release();
                }
            } catch (InterruptedException e) {
                // Stopped: whoever runs next finds the intent in the log.
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
            if (looker.isShutdown()) {
                return;
            }
            if (failure == null) {
                looker.execute(() -> {
                    works.get(name).onTheirWay.replace(task, reply.position().sequence());
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
        if (!looker.isShutdown()) {
            looker.schedule(
                    () -> {
                        works.get(name).onTheirWay.remove(task);
                        wake(name);
                    },
                    time.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
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
        looker.shutdownNow();
        calls.shutdownNow();
    }
}
