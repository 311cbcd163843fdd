package io.ledgerway.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.schemas.node.v1.NodeApiServiceGrpc;
import io.ledgerway.schemas.node.v1.Position;
import io.ledgerway.schemas.node.v1.WatchDesiredStateRequest;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import io.ledgerway.server.run.Presence;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.Surroundings;
import io.ledgerway.server.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Iterator;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/// Whether a node counts as connected exactly as long as it is, however its stream ends. None of these is in the log,
/// so that no other test has to do with them.
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class PresenceTest {

    private static final WatchDesiredStateRequest FROM_THE_START = WatchDesiredStateRequest.getDefaultInstance();

    private final Surroundings around = Surroundings.running();

    @Inject
    Presence presence;

    @Inject
    DesiredStates watches;

    /// An executor, as far as it calls: over a wire of its own.
    private final class Caller implements AutoCloseable {
        final NodeName name;
        final Wire wire = new Wire(around.tlsPort());
        private final ManagedChannel channel;

        Caller(String name) {
            this.name = new NodeName(name);
            var identity = around.authority().node(Surroundings.CLUSTER, "i-" + name, name);
            try {
                channel = NettyChannelBuilder.forAddress("127.0.0.1", wire.port())
                        .sslContext(GrpcSslContexts.forClient()
                                .trustManager(around.authority().certificate().toFile())
                                .keyManager(
                                        identity.certificate().toFile(),
                                        identity.key().toFile())
                                .build())
                        .build();
            } catch (SSLException e) {
                throw new IllegalStateException(e);
            }
        }

        Iterator<WatchDesiredStateResponse> watch(WatchDesiredStateRequest request) {
            return NodeApiServiceGrpc.newBlockingStub(channel).watchDesiredState(request);
        }

        Iterator<WatchDesiredStateResponse> watching() {
            var stream = watch(FROM_THE_START);
            assertTrue(stream.next().getWhole());
            return stream;
        }

        Presence.Heard heard() {
            return presence.of(name);
        }

        void untilGone(String how) {
            Eventually.eventually(how + " to be noticed", () -> heard().watches() == 0, this::heard);
            Eventually.eventually("no watch to be left", () -> watches.open(name) == 0, () -> watches.open(name));
        }

        @Override
        public void close() {
            channel.shutdownNow();
            wire.close();
        }
    }

    @Test
    void aNodeThatWatchesIsConnectedUntilItCancels() {
        try (var node = new Caller("cancels");
                var context = Context.current().withCancellation()) {
            context.run(node::watching);
            assertTrue(node.heard().isConnected());

            context.cancel(null);

            node.untilGone("a cancelled watch");
        }
    }

    @Test
    void aNodeWhoseProcessIsKilledIsNotConnectedAnyMore() {
        try (var node = new Caller("killed")) {
            node.watching();
            assertTrue(node.heard().isConnected());

            node.wire.cut();

            node.untilGone("a cut connection");
        }
    }

    @Test
    void aNodeWithoutPowerIsNotConnectedAnyMoreThoughNoEndOfItsStreamArrives() {
        try (var node = new Caller("powerless")) {
            var stream = node.watching();
            assertTrue(node.heard().isConnected());

            node.wire.goDead();
            node.untilGone("a dead connection");

            // It was only the network: the node must not go on listening to a stream that nobody fills.
            node.wire.revive();
            var ended = assertThrows(StatusRuntimeException.class, () -> stream.forEachRemaining(message -> {}));
            assertEquals(Status.Code.UNAVAILABLE, ended.getStatus().getCode());
        }
    }

    @Test
    void aNodeThatOnlyListensStaysConnected() {
        try (var node = new Caller("listens")) {
            node.watching();
            var since = node.heard().since();
            long began = System.nanoTime();

            Eventually.eventually(
                    "several keep-alives to pass",
                    () -> System.nanoTime() - began
                            > Surroundings.KEEP_ALIVE.multipliedBy(3).toNanos(),
                    node::heard);

            assertEquals(1, node.heard().watches());
            assertEquals(since, node.heard().since());
        }
    }

    @Test
    void watchesThatAreRefusedBecauseTheReplicaIsBehindLeaveNothing() {
        try (var node = new Caller("ahead")) {
            var ahead = WatchDesiredStateRequest.newBuilder()
                    .setAfter(
                            Position.newBuilder().setPartition(0).setSequence(1).setEpoch(Long.MAX_VALUE))
                    .build();
            for (int attempt = 0; attempt < 10; attempt++) {
                var refused = assertThrows(
                        StatusRuntimeException.class, () -> node.watch(ahead).next());
                assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
            }

            node.untilGone("a refused watch");
        }
    }

    @Test
    void ofManyWatchesInARowNoneIsLeftHoweverEachOneEnds() {
        var callers = new ArrayList<Caller>();
        var first = new Caller("retries");
        callers.add(first);
        for (int attempt = 0; attempt < 20; attempt++) {
            var caller = attempt == 0 ? first : new Caller("retries");
            callers.add(caller);
            switch (attempt % 4) {
                case 0 -> {
                    caller.watching();
                    caller.wire.cut();
                }
                case 1 -> {
                    // Cancelled before anybody has seen an answer.
                    try (var context = Context.current().withCancellation()) {
                        context.run(() -> caller.watch(FROM_THE_START));
                    }
                }
                case 2 -> {
                    // Killed before anybody has seen an answer.
                    caller.watch(FROM_THE_START);
                    caller.wire.close();
                }
                default -> {
                    caller.watching();
                    caller.channel.shutdownNow();
                }
            }
        }

        first.untilGone("the last of them");
        callers.forEach(Caller::close);
    }

    @Test
    void aNodeThatComesBackAfterItWasKilledIsConnectedOnce() {
        try (var node = new Caller("returns");
                var again = new Caller("returns")) {
            node.watching();
            node.wire.cut();
            again.watching();

            Eventually.eventually("one watch", () -> again.heard().watches() == 1, again::heard);
            again.wire.cut();
            again.untilGone("the second watch's end");
        }
    }
}
