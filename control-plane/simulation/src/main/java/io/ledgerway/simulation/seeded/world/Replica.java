package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.server.run.Backoff;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.Commands.Reply;
import io.ledgerway.server.run.Drains;
import io.ledgerway.server.run.HearingCommands;
import io.ledgerway.server.run.InstanceWatch;
import io.ledgerway.server.run.IntentRunner;
import io.ledgerway.server.run.Presence;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.ProcessWorkers;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// One replica of the control plane, on a machine of its own: the partition if it has it, the intent
/// runner, the watch of instances, and the node API. It may be killed and started again.
public final class Replica {

    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(1));

    /// More often than the product's: a run is over within a minute.
    static final InstanceWatch.Rhythm RHYTHM = new InstanceWatch.Rhythm(
            Duration.ofSeconds(10), Duration.ofSeconds(5), InstanceWatch.Rhythm.DEFAULT.apart());

    private static final InstanceWatch.Rhythm HASTY =
            new InstanceWatch.Rhythm(RHYTHM.everyone(), RHYTHM.silent(), Duration.ZERO);
    private static final Drains.Cap NO_CAP = new Drains.Cap(Integer.MAX_VALUE, Duration.ofNanos(1));

    private static final int SLOWEST_TO_HEAR_MILLIS = 3_000;

    private final World world;
    private final String name;
    private final WallClock clock;
    private final SplittableRandom random;
    private Process process;
    private ReplicaLog log;
    private Commands heard;
    private Streams streams;
    private long commands;
    private boolean wanted;

    Replica(World world, String name, SplittableRandom random) {
        this.world = world;
        this.name = name;
        this.random = random;
        this.clock = new WallClock(world.scheduler());
    }

    /// One that runs already is left alone: whoever started it came first.
    void start(PoolTarget pool) {
        if (process != null && !process.isKilled()) {
            return;
        }
        process = world.newProcess(name);
        log = new ReplicaLog(world.log(), process, world.broker(), clock, world.network(), world.checks(), name);
        var presence = new Presence(clock, process.scheduler()::now);
        heard = new HearingCommands(log, presence);
        var bugs = world.network();
        var open = new Streams(process, log, presence, bugs.has(Bug.BOUND_IS_IDLE_TOO));
        streams = open;
        log.onClosed(() -> open.endAll(name + " does not serve the partition any more"));
        log.subscribe(open::changed);
        var ecs = new EcsModel(world, process, clock);
        Supplier<CommandId> ids = () -> new CommandId(name + "-" + commands++);
        new IntentRunner(
                        heard,
                        ecs,
                        Optional.of(pool),
                        BACKOFF,
                        (intent, outcome, took) -> world.checks().attempted(intent, outcome),
                        new IntentRunner.Surroundings(clock, random, ids, process::pass, new ProcessWorkers(process)))
                .start();
        new InstanceWatch(
                        heard,
                        new ShownInstances(world, process, ecs),
                        bugs.has(Bug.PRESENCE_IS_IGNORED) ? new Presence(clock, process.scheduler()::now) : presence,
                        bugs.has(Bug.ONE_LOOK_IS_ENOUGH) ? HASTY : RHYTHM,
                        bugs.has(Bug.DRAINS_HAVE_NO_CAP)
                                ? NO_CAP
                                : world.scenario().drains(),
                        new InstanceWatch.Surroundings(clock, ids, new ProcessWorkers(process)))
                .start();
        // It joins the group anew, which will say whether it is to serve.
        wanted = false;
    }

    public WallClock clock() {
        return clock;
    }

    Process process() {
        return process;
    }

    boolean isServing() {
        return process.isRunning() && log.isServing();
    }

    World.Served served() {
        return log.served();
    }

    /// Whether somebody accepts connections there; a stopped process does, and says nothing.
    boolean isListening() {
        return !process.isKilled();
    }

    boolean isAnswering(NodeWatch.Sink sink) {
        return process.isRunning() && streams.has(sink);
    }

    void kill() {
        process.kill();
    }

    /// Whoever shares out the partitions tells it; a stopped process hears of it when it goes on, and nobody hears at
    /// once that it is to serve no more.
    void want(boolean here) {
        if (here) {
            process.soon(() -> log.want(true));
        } else if (wanted) {
            var told = log;
            var after = Duration.ofMillis(random.nextInt(SLOWEST_TO_HEAR_MILLIS));
            process.soon(() -> told.process().in(after, () -> {
                if (!wanted) {
                    told.want(false);
                }
            }));
        }
        wanted = here;
    }

    CompletableFuture<Reply> serve(NodeCommand command) {
        var by = process;
        var told = streams;
        long arrived = by.scheduler().now();
        return heard.execute(command).whenComplete((reply, failure) -> {
            if (failure != null) {
                return;
            }
            told.changed(command.node());
            world.checks().heard(by, command, reply, arrived);
        });
    }

    void watch(Incarnation asks, Optional<Position> after, NodeWatch.Sink sink) {
        streams.open(asks, after, sink);
    }

    @Override
    public String toString() {
        return name;
    }
}
