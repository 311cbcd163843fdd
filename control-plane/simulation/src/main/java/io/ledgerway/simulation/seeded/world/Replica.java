package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.server.run.Backoff;
import io.ledgerway.server.run.Commands.Reply;
import io.ledgerway.server.run.IntentRunner;
import io.ledgerway.server.run.LogUnavailable;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.ProcessWorkers;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/// One replica of the control plane, on a machine of its own: the partition if it has it, the intent
/// runner, and the node API. It may be killed and started again.
public final class Replica {

    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(1));

    private static final int SLOWEST_TO_HEAR_MILLIS = 3_000;

    private final World world;
    private final String name;
    private final WallClock clock;
    private final SplittableRandom random;
    private final List<NodeWatch> watches = new ArrayList<>();
    private Process process;
    private ReplicaLog log;
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
        watches.clear();
        log = new ReplicaLog(world.log(), process, world.broker(), clock, world.network(), world.checks(), name);
        log.onClosed(() -> {
            watches.forEach(watch -> watch.sink().end(name + " does not serve the partition any more"));
            watches.clear();
        });
        log.subscribe(this::changed);
        var runner = new IntentRunner(
                log,
                new EcsModel(world, process, clock),
                Optional.of(pool),
                BACKOFF,
                (intent, outcome, took) -> world.checks().attempted(intent, outcome),
                new IntentRunner.Surroundings(
                        clock,
                        random,
                        () -> new CommandId(name + "-" + commands++),
                        process::pass,
                        new ProcessWorkers(process)));
        runner.start();
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
        return process.isRunning() && watches.stream().anyMatch(watch -> watch.sink() == sink);
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
        var reply = log.execute(command);
        return reply.whenComplete((answer, failure) -> {
            if (failure == null && answer.answer() instanceof NodeAnswer.CandidateRefused) {
                changed(command.node());
            }
        });
    }

    void watch(NodeName node, Optional<Position> after, NodeWatch.Sink sink) {
        try {
            var here = log.node(node).position();
            if (after.isPresent()
                    && (after.get().epoch() > here.epoch() || after.get().sequence() > here.sequence())) {
                sink.end("the node has seen " + after.get() + ", this replica " + here);
                return;
            }
        } catch (LogUnavailable e) {
            sink.end(e.getMessage());
            return;
        }
        var watch = new NodeWatch(node, process, sink, world.network().has(Bug.BOUND_IS_IDLE_TOO));
        watches.add(watch);
        watch.wake(log);
    }

    private void changed(NodeName node) {
        watches.removeIf(watch -> !watch.sink().isOpen());
        for (var watch : watches) {
            if (watch.node().equals(node)) {
                watch.wake(log);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
