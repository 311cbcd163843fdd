package io.ledgerway.server;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.axon.PartitionLog;
import io.ledgerway.server.axon.Partitions;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.CommittedNode;
import io.ledgerway.server.run.LogPosition;
import io.ledgerway.server.run.LogUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The partitions of the log behind the port of the loops and of the node API.
final class LogCommands implements Commands, AutoCloseable {

    /// How often a partition that has never been open is looked at, until it is.
    private static final Duration LOOK_EVERY = Duration.ofMillis(25);

    private final Partitions partitions;
    private final Consumer<DomainEvent> observer;
    private final List<Consumer<NodeName>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Integer, io.ledgerway.server.axon.Subscription> subscriptions = new TreeMap<>();
    private final Thread follower;

    /// @param observer told of every event that becomes durable from the start on; must be quick
    LogCommands(Partitions partitions, Consumer<DomainEvent> observer) {
        this.partitions = partitions;
        this.observer = observer;
        follower = Thread.ofVirtual().name("log-follower").start(this::followAll);
    }

    @Override
    public CompletableFuture<Reply> execute(NodeCommand command) {
        return partitions.execute(command).handle((reply, failure) -> {
            if (failure != null) {
                throw translated(failure);
            }
            var position = new LogPosition(
                    reply.position().partition(), reply.position().sequence(), reply.epoch());
            return new Reply(reply.as(NodeAnswer.class), position, reply.acceptedNanos());
        });
    }

    private static CompletionException translated(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new CompletionException(
                cause instanceof io.ledgerway.server.axon.LogUnavailable away
                        ? new LogUnavailable(away.getMessage(), away)
                        : cause);
    }

    @Override
    public CommittedNode node(NodeName name) {
        var placed = partitions.partitionOf(Stream.node(name));
        int partition = placed.orElse(Partitions.CLUSTER_PARTITION);
        var log = open(partition);
        // The position is read before the state: it may say less than the state holds, never more.
        long sequence = log.committed() - 1;
        return placed.isPresent()
                ? new CommittedNode(name, log.node(name), new LogPosition(partition, sequence, log.epoch()))
                : new CommittedNode(name, Node.EMPTY, new LogPosition(partition, -1, log.epoch()));
    }

    private PartitionLog open(int partition) {
        return partitions
                .log(partition)
                .orElseThrow(() -> new LogUnavailable(
                        "partition " + partition + " of the log is not served here: "
                                + partitions.status().get(partition).why(),
                        null));
    }

    @Override
    public List<NodeName> nodes() {
        return partitions.nodes();
    }

    @Override
    public Subscription subscribe(Consumer<NodeName> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Follows each partition from where it stands when it is first open; what was there before is told once per node.
    private void followAll() {
        try {
            for (int open = 0; open < partitions.partitions(); ) {
                for (int partition = 0; partition < partitions.partitions(); partition++) {
                    var log = partitions.log(partition);
                    if (log.isPresent() && follow(partition, log.get())) {
                        open++;
                    }
                }
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
        }
    }

    private boolean follow(int partition, PartitionLog log) {
        synchronized (subscriptions) {
            if (subscriptions.containsKey(partition)) {
                return false;
            }
            subscriptions.put(partition, partitions.subscribe("changes", partition, log.committed(), envelope -> {
                observer.accept(envelope.event());
                if (envelope.stream().isNode()) {
                    tell(envelope.stream().node());
                }
            }));
        }
        log.nodes().forEach(this::tell);
        return true;
    }

    private void tell(NodeName node) {
        listeners.forEach(listener -> listener.accept(node));
    }

    @Override
    public void close() {
        follower.interrupt();
        synchronized (subscriptions) {
            subscriptions.values().forEach(io.ledgerway.server.axon.Subscription::close);
        }
    }
}
