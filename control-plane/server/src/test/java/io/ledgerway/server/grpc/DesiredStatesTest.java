package io.ledgerway.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.schemas.node.v1.WatchDesiredStateRequest;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import io.ledgerway.server.run.CommittedNode;
import io.ledgerway.server.run.Presence;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.MemoryLog;
import io.ledgerway.server.testing.NodeLife;
import io.ledgerway.server.testing.PassedOn;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whether a watch counts for its node exactly as long as it is open, whenever its end comes and whoever tells of it.
class DesiredStatesTest {

    private static final NodeName NODE = NodeLife.NAME;
    private static final KeepAlive.Rhythm NEVER = new KeepAlive.Rhythm(Duration.ofHours(1), Duration.ofHours(1));
    private static final KeepAlive.Rhythm QUICK = new KeepAlive.Rhythm(Duration.ofMillis(5), Duration.ofMillis(50));

    private final MemoryLog log = new MemoryLog();
    private final Presence presence = new Presence(InstantSource.system(), System::nanoTime);
    private Runnable whileReading = () -> {};
    private DesiredStates states;

    @AfterEach
    void close() {
        states.close();
    }

    /// A log at whose reading something happens.
    private final class Interrupted extends PassedOn {
        Interrupted() {
            super(log);
        }

        @Override
        public CommittedNode node(NodeName name) {
            whileReading.run();
            return super.node(name);
        }
    }

    private static final class Stream extends ServerCallStreamObserver<WatchDesiredStateResponse> {
        private Runnable onCancel = () -> {};
        private volatile boolean cancelled;
        private volatile Optional<Status> error = Optional.empty();

        void cancel() {
            cancelled = true;
            onCancel.run();
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }

        @Override
        public void setCompression(String compression) {}

        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void onNext(WatchDesiredStateResponse value) {}

        @Override
        public void onError(Throwable thrown) {
            error = Optional.of(((StatusRuntimeException) thrown).getStatus());
        }

        @Override
        public void onCompleted() {}
    }

    private static final class Wire implements Connection {
        final List<Runnable> listeners = new ArrayList<>();
        final AtomicInteger pings = new AtomicInteger();
        volatile CompletionStage<?> pong = CompletableFuture.completedFuture("here");
        volatile boolean closed;
        boolean isGone;

        @Override
        public void whenEnded(Runnable ended) {
            listeners.add(ended);
            if (isGone) {
                ended.run();
            }
        }

        void end() {
            listeners.forEach(Runnable::run);
        }

        @Override
        public CompletionStage<?> ping() {
            pings.incrementAndGet();
            return pong;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private void start(KeepAlive.Rhythm keepAlive) {
        states = new DesiredStates(
                new Interrupted(),
                presence,
                new NodeApiSettings(
                        NodeLife.INCARNATION.cluster(),
                        Path.of("unused"),
                        Duration.ofSeconds(1),
                        keepAlive,
                        InstantSource.system()));
    }

    private void watch(Stream stream, Wire wire) {
        watch(NodeLife.INCARNATION, Instant.now().plusSeconds(600), stream, wire);
    }

    private void watch(Incarnation who, Instant until, Stream stream, Wire wire) {
        states.watch(new Caller(who, until), wire, WatchDesiredStateRequest.getDefaultInstance(), stream);
    }

    private void assertNothingIsLeft() {
        assertEquals(0, presence.of(NODE).watches());
        assertEquals(0, states.open(NODE));
    }

    @Test
    void theEndOfTheConnectionIsTheEndOfTheWatchThoughNobodyCancels() {
        start(NEVER);
        var wire = new Wire();
        watch(new Stream(), wire);
        assertEquals(1, presence.of(NODE).watches());

        wire.end();
        wire.end();

        assertNothingIsLeft();
    }

    @Test
    void aCancellationThatComesBeforeItIsHeardLeavesNothing() {
        start(NEVER);
        var stream = new Stream();
        stream.cancel();

        watch(stream, new Wire());

        assertNothingIsLeft();
    }

    @Test
    void aCancellationWhileTheStateIsReadLeavesNothing() {
        start(NEVER);
        var stream = new Stream();
        whileReading = stream::cancel;

        watch(stream, new Wire());

        assertNothingIsLeft();
    }

    @Test
    void aCancellationAfterwardsIsCountedOnce() {
        start(NEVER);
        var stream = new Stream();
        var wire = new Wire();
        watch(stream, wire);
        watch(new Stream(), new Wire());

        stream.cancel();
        wire.end();
        stream.cancel();

        assertEquals(1, presence.of(NODE).watches());
        assertEquals(1, states.open(NODE));
    }

    @Test
    void aConnectionThatHasEndedBeforeTheWatchIsOpenLeavesNothing() {
        start(NEVER);
        var wire = new Wire();
        wire.isGone = true;

        watch(new Stream(), wire);

        assertNothingIsLeft();
    }

    @Test
    void watchesWhileTheLogIsAwayLeaveNothing() {
        start(NEVER);
        log.takeAway();

        for (int retry = 0; retry < 10; retry++) {
            var stream = new Stream();
            var wire = new Wire();
            watch(stream, wire);
            assertEquals(Status.Code.UNAVAILABLE, stream.error.orElseThrow().getCode());
            wire.end();
            stream.cancel();
        }

        assertNothingIsLeft();
        log.giveBack();
        watch(new Stream(), new Wire());
        assertEquals(1, presence.of(NODE).watches());
    }

    @Test
    void anUnexpectedFailureIsToldAndLeavesNothing() {
        start(NEVER);
        whileReading = () -> {
            throw new IllegalStateException("a bug");
        };
        var stream = new Stream();

        watch(stream, new Wire());

        assertEquals(Status.Code.INTERNAL, stream.error.orElseThrow().getCode());
        assertNothingIsLeft();
    }

    @Test
    void anotherInstancesWatchIsRefusedAndDoesNotCount() {
        start(NEVER);
        log.execute(new NodeCommand.RegisterNode(
                new Header(new CommandId("c"), Instant.now(), "test"),
                NodeLife.INCARNATION,
                new BootId("b"),
                "run",
                "v"));
        var stream = new Stream();

        watch(
                new Incarnation(NodeLife.INCARNATION.cluster(), NODE, new InstanceId("i-other")),
                Instant.now().plusSeconds(600),
                stream,
                new Wire());

        assertEquals(Status.Code.PERMISSION_DENIED, stream.error.orElseThrow().getCode());
        assertNothingIsLeft();
    }

    @Test
    void aNodeThatAnswersIsAskedAgainAndAgain() {
        start(QUICK);
        var wire = new Wire();
        watch(new Stream(), wire);

        Eventually.eventually("five questions", () -> wire.pings.get() >= 5, wire.pings::get);

        assertFalse(wire.closed);
        assertEquals(1, presence.of(NODE).watches());
    }

    @Test
    void aNodeThatDoesNotAnswerIsNotConnectedAndItsConnectionIsClosed() {
        start(QUICK);
        var wire = new Wire();
        wire.pong = new CompletableFuture<>();
        var stream = new Stream();
        watch(stream, wire);

        Eventually.eventually("the end", () -> wire.closed && stream.error.isPresent(), () -> presence.of(NODE));

        assertNothingIsLeft();
        assertTrue(stream.error.orElseThrow().getDescription().contains("has not answered within 50 ms"));
    }

    @Test
    void aConnectionThatCannotBeAskedHasEnded() {
        start(QUICK);
        var wire = new Wire();
        wire.pong = CompletableFuture.failedFuture(new IllegalStateException("closed"));
        watch(new Stream(), wire);

        Eventually.eventually("the end", () -> wire.closed, () -> presence.of(NODE));

        assertNothingIsLeft();
    }

    @Test
    void aWatchThatHasEndedIsAskedNothing() {
        start(QUICK);
        var wire = new Wire();
        var stream = new Stream();
        watch(stream, wire);
        stream.cancel();
        int before = wire.pings.get();

        // A second watch's questions show that the time for the first one's has passed.
        var other = new Wire();
        watch(new Stream(), other);
        Eventually.eventually("questions", () -> other.pings.get() >= 5, other.pings::get);

        assertTrue(wire.pings.get() <= before + 1, "one was perhaps on its way");
    }

    @Test
    void theEndOfACertificateEndsItsWatch() {
        start(NEVER);
        var stream = new Stream();
        watch(NodeLife.INCARNATION, Instant.now().plusMillis(20), stream, new Wire());

        Eventually.eventually("the end", () -> stream.error.isPresent(), () -> presence.of(NODE));

        assertEquals(Status.Code.UNAUTHENTICATED, stream.error.orElseThrow().getCode());
        assertNothingIsLeft();
    }
}
