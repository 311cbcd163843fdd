package io.ledgerway.server.grpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.schemas.node.v1.Position;
import io.ledgerway.schemas.node.v1.WatchDesiredStateRequest;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.LogPosition;
import io.ledgerway.server.run.LogUnavailable;
import io.ledgerway.server.run.Presence;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// The open watches, by node. A watch is registered before the state is read, so that no commit falls in between.
@Singleton
final class DesiredStates implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DesiredStates.class);

    private final Commands commands;
    private final Presence presence;
    private final InstantSource clock;
    private final Map<NodeName, Set<DesiredStateWatch>> watches = new ConcurrentHashMap<>();
    private final ExecutorService senders = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("watch-", 0).factory());
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("watch-timers").factory());
    private final KeepAlive keepAlive;
    private final Commands.Subscription subscription;

    DesiredStates(Commands commands, Presence presence, NodeApiSettings settings) {
        this.commands = commands;
        this.presence = presence;
        this.clock = settings.clock();
        this.keepAlive = new KeepAlive(settings.keepAlive(), timers);
        timers.setRemoveOnCancelPolicy(true);
        this.subscription = commands.subscribe(this::changed);
    }

    void watch(
            Caller caller,
            Connection connection,
            WatchDesiredStateRequest request,
            ServerCallStreamObserver<WatchDesiredStateResponse> stream) {
        var node = caller.incarnation().node();
        var watch = new DesiredStateWatch(caller.incarnation(), commands, stream, senders, this::remove);
        stream.setOnCancelHandler(() -> remove(watch));
        stream.setOnReadyHandler(watch::wake);
        watches.computeIfAbsent(node, ignored -> ConcurrentHashMap.newKeySet()).add(watch);
        var refusal = refusal(caller, request);
        if (refusal.isPresent()) {
            remove(watch);
            stream.onError(refusal.get().asRuntimeException());
            return;
        }
        presence.opened(node);
        watch.counts();
        // It may have ended before it counted, and would then be taken to listen for ever.
        if (stream.isCancelled() || watch.isClosed()) {
            remove(watch);
        }
        connection.whenEnded(() -> remove(watch));
        keepAlive.watchOver(watch, connection);
        var left = Duration.between(clock.instant(), caller.until());
        watch.holds(timers.schedule(
                () -> watch.close(Status.UNAUTHENTICATED.withDescription(
                        "the certificate of node " + node + " ended at " + caller.until())),
                Math.max(0, left.toMillis()),
                TimeUnit.MILLISECONDS));
        watch.wake();
    }

    private Optional<Status> refusal(Caller caller, WatchDesiredStateRequest request) {
        try {
            var known = commands.node(caller.incarnation().node());
            var refusal = DesiredStateWatch.refusal(known.state(), caller.incarnation());
            if (refusal.isEmpty() && request.hasAfter()) {
                refuseOlder(request.getAfter(), known.position());
            }
            return refusal;
        } catch (LogUnavailable e) {
            return Optional.of(Status.UNAVAILABLE.withDescription(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.errorf(
                    e, "node %s cannot be told its state", caller.incarnation().node());
            return Optional.of(Status.INTERNAL.withDescription(e.toString()));
        }
    }

    /// A replica that has read less than the node has seen must not tell the node anything.
    private static void refuseOlder(Position after, LogPosition here) {
        boolean older = after.getEpoch() > here.epoch()
                || (after.getPartition() == here.partition() && after.getSequence() > here.sequence());
        if (older) {
            throw new LogUnavailable(
                    "the node has seen position " + after.getSequence() + " of epoch " + after.getEpoch()
                            + " and this replica has read to " + here.sequence() + " of epoch " + here.epoch(),
                    null);
        }
    }

    int open(NodeName node) {
        return watches.getOrDefault(node, Set.of()).size();
    }

    /// Looks whether there is something to tell the node.
    void changed(NodeName node) {
        watches.getOrDefault(node, Set.of()).forEach(DesiredStateWatch::wake);
    }

    private void remove(DesiredStateWatch watch) {
        watch.abandon();
        if (watch.countsNoMore()) {
            presence.closed(watch.node());
        }
        watches.computeIfPresent(watch.node(), (node, open) -> {
            open.remove(watch);
            return open.isEmpty() ? null : open;
        });
    }

    @Override
    @PreDestroy
    public void close() {
        subscription.close();
        watches.values()
                .forEach(open -> open.forEach(watch -> watch.close(
                        Status.UNAVAILABLE.withDescription("this replica of the control plane is stopping"))));
        timers.shutdownNow();
        senders.shutdown();
    }
}
