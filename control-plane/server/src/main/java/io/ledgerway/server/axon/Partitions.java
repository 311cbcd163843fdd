package io.ledgerway.server.axon;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cluster.Cluster;
import io.ledgerway.domain.cluster.ClusterCommand;
import io.ledgerway.domain.cluster.ClusterCommand.CreateCluster;
import io.ledgerway.domain.cluster.ClusterCommand.PlaceStream;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.axon.LogUnavailable.Outcome;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.OwnerSigns;
import io.ledgerway.server.kafka.UnfitLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/// The whole log as this process serves it: every partition with a keeper that opens it, and opens it again by
/// take-over when it has failed; [Standby] while another process serves it. Commands find their partition by what the
/// cluster's stream recorded, never by a
/// hash.
public final class Partitions implements AutoCloseable {

    /// The cluster's own stream cannot be placed by itself.
    public static final int CLUSTER_PARTITION = 0;

    private final List<PartitionKeeper> keepers;
    private final Object changed = new Object();
    private final CompletableFuture<Void> named = new CompletableFuture<>();

    /// @param partitions how many the log has, for ever
    /// @param address where the node API of this process answers, `host:port`
    public record Configuration(
            LogSettings settings, ClusterId cluster, int partitions, String address, InstantSource clock) {
        public Configuration {
            if (partitions < 1) {
                throw new IllegalArgumentException("a log has at least one partition, not " + partitions);
            }
        }
    }

    private Partitions(Configuration configuration, Function<Integer, TakeOver> takeOvers) {
        var ground = new Ground(configuration);
        var standby = new Standby(() -> new OwnerSigns(configuration.settings, CLUSTER_PARTITION), this::turn);
        var all = new ArrayList<PartitionKeeper>();
        for (int partition = 0; partition < configuration.partitions; partition++) {
            int number = partition;
            all.add(new PartitionKeeper(
                    partition,
                    () -> {
                        ground.prepare();
                        return takeOvers.apply(number).open();
                    },
                    standby,
                    keeper -> changed(keeper, configuration)));
        }
        keepers = List.copyOf(all);
    }

    /// Begins to open every partition and returns at once; [#status] and [#ready] tell how it goes.
    public static Partitions start(Configuration configuration) {
        return start(configuration, partition -> new TakeOver(configuration, partition));
    }

    static Partitions start(Configuration configuration, Function<Integer, TakeOver> takeOvers) {
        var partitions = new Partitions(configuration, takeOvers);
        partitions.keepers.forEach(PartitionKeeper::start);
        return partitions;
    }

    /// Decides, makes durable, answers. Fails with [LogUnavailable] where the partition is not served now:
    /// at once if that is known, within [LogSettings#COMMIT_DEADLINE] and a little if it turns out. What is
    /// chained to the future runs on the partition's writing thread, so it must not block.
    public CompletableFuture<Reply> execute(Command command) {
        return switch (command) {
            case ClusterCommand c -> executeIn(CLUSTER_PARTITION, c);
            case NodeCommand c -> executePlaced(c);
        };
    }

    private CompletableFuture<Reply> executePlaced(NodeCommand command) {
        var known = partitionOf(command.stream());
        if (known.isPresent()) {
            return executeIn(known.getAsInt(), command);
        }
        var header = command.header();
        var place = new PlaceStream(
                new Header(
                        new CommandId(header.id() + ".place"),
                        header.at(),
                        header.actor(),
                        header.correlation(),
                        Optional.empty()),
                command.stream());
        return executeIn(CLUSTER_PARTITION, place).thenCompose(reply -> switch (reply.as(Cluster.Answer.class)) {
            case Cluster.Answer.Placed placed -> executeIn(placed.partition(), command);
            case Cluster.Answer.Refused refused ->
                CompletableFuture.failedFuture(
                        new LogUnavailable(CLUSTER_PARTITION, Outcome.NOT_APPENDED, refused.why(), null));
            case Cluster.Answer.Created created ->
                throw new IllegalStateException(place + " was answered with " + created);
        });
    }

    private CompletableFuture<Reply> executeIn(int partition, Command command) {
        var log = keepers.get(partition).log();
        return log.isPresent()
                ? log.get().execute(command)
                : CompletableFuture.failedFuture(new LogUnavailable(
                        partition,
                        Outcome.NOT_APPENDED,
                        keepers.get(partition).status().why(),
                        null));
    }

    /// Where the stream lives, if it has been placed.
    public OptionalInt partitionOf(Stream stream) {
        if (stream.equals(Stream.CLUSTER)) {
            return OptionalInt.of(CLUSTER_PARTITION);
        }
        var placed = cluster().placements().get(stream);
        return placed == null ? OptionalInt.empty() : OptionalInt.of(placed);
    }

    /// The cluster as the durable log was last seen here.
    public Cluster cluster() {
        return keepers.get(CLUSTER_PARTITION)
                .lastKnown()
                .map(PartitionLog::cluster)
                .orElse(Cluster.EMPTY);
    }

    /// The node as the durable log was last seen here; [Node#EMPTY] if it is not known.
    public Node node(NodeName name) {
        var partition = partitionOf(Stream.node(name));
        return partition.isEmpty()
                ? Node.EMPTY
                : keepers.get(partition.getAsInt())
                        .lastKnown()
                        .map(log -> log.node(name))
                        .orElse(Node.EMPTY);
    }

    /// Every node that anything is recorded of.
    public List<NodeName> nodes() {
        return keepers.stream()
                .flatMap(keeper -> keeper.lastKnown().stream())
                .flatMap(log -> log.nodes().stream())
                .toList();
    }

    /// The partition as it is served now, if it is.
    public Optional<PartitionLog> log(int partition) {
        return keepers.get(partition).log();
    }

    public int partitions() {
        return keepers.size();
    }

    /// Every durable envelope of the partition from `from` on, in order, through take-overs, until it is
    /// closed.
    public Subscription subscribe(String name, int partition, long from, Consumer<Envelope> listener) {
        return keepers.get(partition).subscribe(name, from, listener);
    }

    public List<PartitionStatus> status() {
        return keepers.stream().map(PartitionKeeper::status).toList();
    }

    /// Whether every partition is served and the log is known to be this cluster's.
    public boolean ready() {
        return named.isDone()
                && !named.isCompletedExceptionally()
                && keepers.stream().allMatch(keeper -> keeper.log().isPresent());
    }

    /// Waits until [#ready].
    ///
    /// @throws UnfitLog at once if the log is another cluster's
    /// @throws LogUnavailable if it takes longer, with the reason of the first partition that is not served
    public void awaitReady(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (changed) {
            while (!ready()) {
                for (var keeper : keepers) {
                    if (keeper.status().state() == PartitionStatus.State.REFUSED) {
                        throw new UnfitLog(keeper.status().why());
                    }
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw notReady(atMost);
                }
                changed.wait(left);
            }
        }
    }

    private LogUnavailable notReady(Duration after) {
        for (var keeper : keepers) {
            if (keeper.log().isEmpty()) {
                return new LogUnavailable(
                        keeper.partition(),
                        Outcome.NOT_APPENDED,
                        "after " + after + ": " + keeper.status().why(),
                        null);
            }
        }
        return new LogUnavailable(
                CLUSTER_PARTITION, Outcome.NOT_APPENDED, "the cluster is not recorded after " + after, null);
    }

    private void turn() {
        keepers.forEach(PartitionKeeper::turn);
    }

    /// Hears of every change of a keeper.
    private void changed(PartitionKeeper keeper, Configuration configuration) {
        if (keeper.partition() == CLUSTER_PARTITION && !named.isDone()) {
            keeper.log().ifPresent(log -> name(log, configuration));
        }
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    /// Records whose log this is, or finds out that it is another's.
    private void name(PartitionLog log, Configuration configuration) {
        var header = new Header(
                new CommandId("create-cluster-" + UUID.randomUUID()), configuration.clock.instant(), "control-plane");
        log.execute(new CreateCluster(header, configuration.cluster, configuration.partitions))
                .whenComplete((reply, error) -> {
                    if (reply == null) {
                        return;
                    }
                    switch (reply.as(Cluster.Answer.class)) {
                        case Cluster.Answer.Created created -> named.complete(null);
                        case Cluster.Answer.Refused refused -> refuse(refused.why());
                        case Cluster.Answer.Placed placed -> refuse("creating the cluster gave " + placed);
                    }
                    synchronized (changed) {
                        changed.notifyAll();
                    }
                });
    }

    private void refuse(String why) {
        named.completeExceptionally(new UnfitLog(why));
        keepers.forEach(keeper -> keeper.refuse(why));
    }

    @Override
    public void close() {
        keepers.forEach(PartitionKeeper::close);
    }
}
