package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.OwnershipEvent.OwnerStarted;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeDecider;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.CommittedNode;
import io.ledgerway.server.run.LogPosition;
import io.ledgerway.server.run.LogUnavailable;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The partition as one replica of the control plane has it: decided on what is accepted, answered once it is
/// committed, and ended by the first commit that fails.
///
/// Transitions: away -> fencing -> reading -> serving -> away.
final class ReplicaLog implements Commands {

    private static final Duration RETRY = Duration.ofMillis(500);

    private enum Stage {
        AWAY,
        TAKING_OVER,
        SERVING
    }

    /// @param after what the node is with these entries
    private record Pending(
            Optional<NodeCommand> command,
            Optional<NodeName> node,
            List<ClusterLog.Entry> entries,
            Node after,
            CompletableFuture<Reply> reply,
            Reply answer) {}

    private final ClusterLog log;
    private final Process process;
    private final Process broker;
    private final WallClock clock;
    private final Network network;
    private final Checks checks;
    private final String address;
    private final List<Consumer<NodeName>> listeners = new ArrayList<>();
    private final Map<NodeName, Node> accepted = new LinkedHashMap<>();
    private final Map<NodeName, Node> committed = new LinkedHashMap<>();
    private final List<Pending> waiting = new ArrayList<>();
    private Stage stage = Stage.AWAY;
    private boolean wanted;
    private boolean committing;
    private long producer;
    private long epoch;
    private long next;
    private long committedTo;

    ReplicaLog(
            ClusterLog log,
            Process process,
            Process broker,
            WallClock clock,
            Network network,
            Checks checks,
            String address) {
        this.log = log;
        this.process = process;
        this.broker = broker;
        this.clock = clock;
        this.network = network;
        this.checks = checks;
        this.address = address;
    }

    World.Served served() {
        return new World.Served(address, committedTo, Map.copyOf(committed));
    }

    Process process() {
        return process;
    }

    boolean isServing() {
        return stage == Stage.SERVING;
    }

    /// Whoever shares out the partitions says that this replica should serve it, or should not.
    void want(boolean here) {
        wanted = here;
        if (wanted && stage == Stage.AWAY) {
            takeOver();
        } else if (!wanted && stage == Stage.SERVING && !network.has(Bug.BELIEVE_A_DEPOSED_OWNER)) {
            close("the partition belongs to another replica");
        }
    }

    /// Rule 21: fence, then read, then serve.
    private void takeOver() {
        stage = Stage.TAKING_OVER;
        process.in(network.toLog(), () -> {
            if (!log.isReachable()) {
                again();
                return;
            }
            producer = network.has(Bug.TAKE_OVER_WITHOUT_FENCE) ? log.producer() : log.fence();
            process.in(network.toLog(), this::read);
        });
    }

    private void again() {
        stage = Stage.AWAY;
        process.in(RETRY, () -> {
            if (wanted && stage == Stage.AWAY) {
                takeOver();
            }
        });
    }

    private void read() {
        if (!wanted) {
            stage = Stage.AWAY;
            return;
        }
        if (!log.isReachable()) {
            again();
            return;
        }
        accepted.clear();
        accepted.putAll(log.nodes());
        committed.clear();
        committed.putAll(accepted);
        next = log.size();
        committedTo = next - 1;
        epoch = log.epoch() + 1;
        var header = new Header(new CommandId("owner-" + address + "-" + epoch), clock.instant(), "control-plane");
        var started = new ClusterLog.Entry(
                next++,
                Optional.empty(),
                new OwnerStarted(0, epoch, address),
                header,
                Optional.empty(),
                clock.instant(),
                clock.instant(),
                process.scheduler().now());
        stage = Stage.SERVING;
        enqueue(new Pending(
                Optional.empty(),
                Optional.empty(),
                List.of(started),
                Node.EMPTY,
                new CompletableFuture<>(),
                new Reply(null, position(), 0)));
        committed.keySet().forEach(this::tell);
    }

    private LogPosition position() {
        return new LogPosition(0, next - 1, epoch);
    }

    @Override
    public CompletableFuture<Reply> execute(NodeCommand command) {
        if (stage != Stage.SERVING) {
            return CompletableFuture.failedFuture(new LogUnavailable(address + " does not serve the partition", null));
        }
        if (command instanceof NodeCommand.DeclareNodeLost || command instanceof NodeCommand.RetireNode) {
            checks.told(process, command);
        }
        var before = decidedOn(command);
        var decision = Planted.decision(network, command, before, NodeDecider.decide(before, command));
        var state = accepted.getOrDefault(command.node(), Node.EMPTY);
        checks.decided(command, state, decision);
        var entries = new ArrayList<ClusterLog.Entry>();
        for (int i = 0; i < decision.events().size(); i++) {
            var event = decision.events().get(i);
            state = state.evolve(event);
            entries.add(new ClusterLog.Entry(
                    next++,
                    Optional.of(command.node()),
                    event,
                    command.header(),
                    Optional.of(command),
                    decision.times().isEmpty()
                            ? command.header().at()
                            : decision.times().get(i),
                    clock.instant(),
                    process.scheduler().now()));
        }
        accepted.put(command.node(), state);
        var pending = new Pending(
                Optional.of(command),
                Optional.of(command.node()),
                entries,
                state,
                new CompletableFuture<>(),
                new Reply(decision.answer(), position(), process.scheduler().now()));
        enqueue(pending);
        if (network.has(Bug.NO_BARRIER) && entries.isEmpty()) {
            checks.confirmed(command, pending.answer());
            pending.reply().complete(pending.answer());
        } else if (network.has(Bug.ANSWER_BEFORE_COMMIT)) {
            pending.reply().complete(pending.answer());
        }
        return pending.reply();
    }

    private Node decidedOn(NodeCommand command) {
        var from = network.has(Bug.DECIDE_ON_COMMITTED) ? committed : accepted;
        return from.getOrDefault(command.node(), Node.EMPTY);
    }

    private void enqueue(Pending pending) {
        waiting.add(pending);
        if (!committing) {
            committing = true;
            process.soon(this::commit);
        }
    }

    /// One batch at a time: what comes meanwhile shares the next one.
    private void commit() {
        if (stage != Stage.SERVING) {
            committing = false;
            return;
        }
        var batch = List.copyOf(waiting);
        waiting.clear();
        var entries = batch.stream().flatMap(p -> p.entries().stream()).toList();
        long by = producer;
        network.commit(process, broker, () -> commit(by, batch, entries), result -> committed(batch, result));
    }

    private ClusterLog.Commit commit(long by, List<Pending> batch, List<ClusterLog.Entry> entries) {
        var result = log.commit(by, entries);
        if (result == ClusterLog.Commit.DONE) {
            batch.forEach(
                    pending -> pending.command().ifPresent(command -> checks.confirmed(command, pending.answer())));
        }
        return result;
    }

    /// @param result none when its outcome cannot be known
    private void committed(List<Pending> batch, Optional<ClusterLog.Commit> result) {
        committing = false;
        if (result.equals(Optional.of(ClusterLog.Commit.FENCED)) && network.has(Bug.BELIEVE_A_DEPOSED_OWNER)) {
            batch.forEach(pending -> pending.reply().completeExceptionally(new LogUnavailable("fenced", null)));
            return;
        }
        if (stage != Stage.SERVING || !result.equals(Optional.of(ClusterLog.Commit.DONE))) {
            waiting.addAll(0, batch);
            close("the commit ended with " + result);
            return;
        }
        Set<NodeName> changed = new LinkedHashSet<>();
        for (var pending : batch) {
            committedTo += pending.entries().size();
            if (!pending.entries().isEmpty() && pending.node().isPresent()) {
                committed.put(pending.node().get(), pending.after());
                changed.add(pending.node().get());
            }
        }
        changed.forEach(this::tell);
        batch.forEach(pending -> pending.reply().complete(pending.answer()));
        if (!waiting.isEmpty() && !committing) {
            committing = true;
            process.soon(this::commit);
        }
    }

    private void close(String why) {
        stage = Stage.AWAY;
        var ended = List.copyOf(waiting);
        waiting.clear();
        ended.forEach(pending -> pending.reply().completeExceptionally(new LogUnavailable(why, null)));
        onClosed.run();
        if (wanted) {
            again();
        }
    }

    private Runnable onClosed = () -> {};

    void onClosed(Runnable work) {
        onClosed = work;
    }

    private void tell(NodeName node) {
        List.copyOf(listeners).forEach(listener -> listener.accept(node));
    }

    @Override
    public CommittedNode node(NodeName name) {
        if (stage != Stage.SERVING) {
            throw new LogUnavailable(address + " does not serve the partition", null);
        }
        return new CommittedNode(
                name, committed.getOrDefault(name, Node.EMPTY), new LogPosition(0, committedTo, epoch));
    }

    @Override
    public List<NodeName> nodes() {
        return stage == Stage.SERVING ? List.copyOf(committed.keySet()) : List.of();
    }

    @Override
    public Subscription subscribe(Consumer<NodeName> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
