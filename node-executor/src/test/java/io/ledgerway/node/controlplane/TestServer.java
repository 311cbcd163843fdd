package io.ledgerway.node.controlplane;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.calls.TestLog;
import io.ledgerway.schemas.Journals;
import io.ledgerway.schemas.NodeCodec;
import io.ledgerway.schemas.Values;
import io.ledgerway.schemas.event.v1.Time;
import io.ledgerway.schemas.node.v1.AllocateIpRequest;
import io.ledgerway.schemas.node.v1.AllocateIpResponse;
import io.ledgerway.schemas.node.v1.CandidateRefused;
import io.ledgerway.schemas.node.v1.DrainJournalRequest;
import io.ledgerway.schemas.node.v1.DrainJournalResponse;
import io.ledgerway.schemas.node.v1.NodeApiServiceGrpc.NodeApiServiceImplBase;
import io.ledgerway.schemas.node.v1.Queued;
import io.ledgerway.schemas.node.v1.ReconcileKernelRequest;
import io.ledgerway.schemas.node.v1.ReconcileKernelResponse;
import io.ledgerway.schemas.node.v1.RegisterNodeRequest;
import io.ledgerway.schemas.node.v1.RegisterNodeResponse;
import io.ledgerway.schemas.node.v1.ReleaseIpRequest;
import io.ledgerway.schemas.node.v1.ReleaseIpResponse;
import io.ledgerway.schemas.node.v1.ReportEndpointRequest;
import io.ledgerway.schemas.node.v1.ReportEndpointResponse;
import io.ledgerway.schemas.node.v1.WatchDesiredStateRequest;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// The node API before a [TestLog], over mutual TLS.
public final class TestServer extends NodeApiServiceImplBase implements AutoCloseable {

    private static final Metadata.Key<String> CALLER =
            Metadata.Key.of("ledgerway-node", Metadata.ASCII_STRING_MARSHALLER);

    private final TestLog log;
    private final Server server;
    private final List<Optional<Position>> watchesFrom = new CopyOnWriteArrayList<>();
    private volatile Function<Position, Position> lie = Function.identity();
    private final List<String> callers = new CopyOnWriteArrayList<>();
    private volatile boolean silent;

    private TestServer(TestLog log, int port, Certificates certificates) throws IOException {
        this.log = log;
        var credentials = TlsServerCredentials.newBuilder()
                .keyManager(
                        certificates.certificate("server").toFile(),
                        certificates.key("server").toFile())
                .trustManager(certificates.certificate("ca").toFile())
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                .build();
        this.server = OkHttpServerBuilder.forPort(port, credentials)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        callers.add(String.valueOf(headers.get(CALLER)));
                        return next.startCall(call, headers);
                    }
                })
                .addService(this)
                .build()
                .start();
    }

    /// @param port 0 for any
    public static TestServer start(TestLog log, int port, Certificates certificates) throws IOException {
        return new TestServer(log, port, certificates);
    }

    public int port() {
        return server.getPort();
    }

    /// Answers claim these positions from now on.
    void lie(Function<Position, Position> how) {
        lie = how;
    }

    /// Takes calls from now on and answers none.
    public void fallSilent() {
        silent = true;
    }

    /// Who each call said that it came from.
    List<String> callers() {
        return List.copyOf(callers);
    }

    List<Optional<Position>> watchesFrom() {
        return List.copyOf(watchesFrom);
    }

    private static Header header(String id, Time at) {
        return new Header(new CommandId(id), Values.instant(at), "node/test");
    }

    private io.ledgerway.schemas.node.v1.Position position(TestLog.Answered answered) {
        return Wire.position(lie.apply(answered.at()));
    }

    private <T> void answer(StreamObserver<T> to, T message) {
        if (!silent) {
            to.onNext(message);
            to.onCompleted();
        }
    }

    private static Optional<Rejection> rejection(TestLog.Answered answered) {
        return answered.answer() instanceof NodeAnswer.Rejected rejected
                ? Optional.of(rejected.rejection())
                : Optional.empty();
    }

    @Override
    public void registerNode(RegisterNodeRequest request, StreamObserver<RegisterNodeResponse> to) {
        var answered = log.submit(new NodeCommand.RegisterNode(
                header(request.getCommandId(), request.getAt()),
                TestLog.NODE,
                mark(request.hasMark(), request.getMark()),
                new BootId(request.getBootId()),
                request.getRun(),
                request.getVersion()));
        var answer = RegisterNodeResponse.newBuilder().setPosition(position(answered));
        rejection(answered).ifPresent(rejection -> answer.setRejected(Values.rejection(rejection)));
        answer(to, answer.build());
    }

    @Override
    public void allocateIp(AllocateIpRequest request, StreamObserver<AllocateIpResponse> to) {
        var answered = log.submit(new NodeCommand.AllocateIp(
                header(request.getCommandId(), request.getAt()),
                TestLog.NODE,
                mark(request.hasMark(), request.getMark()),
                Values.request(request.getRequest()),
                request.hasCandidate() ? Optional.of(Values.allocation(request.getCandidate())) : Optional.empty()));
        var answer = AllocateIpResponse.newBuilder().setPosition(position(answered));
        switch (answered.answer()) {
            case NodeAnswer.Granted granted -> answer.setGranted(NodeCodec.granted(granted));
            case NodeAnswer.Queued queued ->
                answer.setQueued(Queued.newBuilder()
                        .setWaitsFor(queued.waitsFor().map(Object::toString).orElse("")));
            case NodeAnswer.Rejected rejected -> answer.setRejected(Values.rejection(rejected.rejection()));
            case NodeAnswer.CandidateRefused refused ->
                answer.setCandidateRefused(CandidateRefused.newBuilder().setWhy(refused.why()));
            case NodeAnswer.Done done -> throw new AssertionError(done);
            case NodeAnswer.Released released -> throw new AssertionError(released);
            case NodeAnswer.Drained drained -> throw new AssertionError(drained);
        }
        answer(to, answer.build());
    }

    @Override
    public void releaseIp(ReleaseIpRequest request, StreamObserver<ReleaseIpResponse> to) {
        var answered = log.submit(new NodeCommand.ReleaseIp(
                header(request.getCommandId(), request.getAt()),
                TestLog.NODE,
                mark(request.hasMark(), request.getMark()),
                Values.attachment(request.getAttachment()),
                new SandboxId(request.getSandboxId())));
        var answer = ReleaseIpResponse.newBuilder().setPosition(position(answered));
        if (answered.answer() instanceof NodeAnswer.Released released) {
            answer.setFreed(released.freed());
        }
        rejection(answered).ifPresent(rejection -> answer.setRejected(Values.rejection(rejection)));
        answer(to, answer.build());
    }

    @Override
    public void reportEndpoint(ReportEndpointRequest request, StreamObserver<ReportEndpointResponse> to) {
        var header = header(request.getCommandId(), request.getAt());
        var attachment = Values.attachment(request.getAttachment());
        var sandbox = new SandboxId(request.getSandboxId());
        var answered = log.submit(
                request.hasReady()
                        ? new NodeCommand.ReportEndpointReady(
                                header,
                                TestLog.NODE,
                                mark(request.hasMark(), request.getMark()),
                                attachment,
                                sandbox,
                                request.getReady().getHostInterface())
                        : new NodeCommand.ReportEndpointRemoved(
                                header, TestLog.NODE, mark(request.hasMark(), request.getMark()), attachment, sandbox));
        var answer = ReportEndpointResponse.newBuilder().setPosition(position(answered));
        rejection(answered).ifPresent(rejection -> answer.setRejected(Values.rejection(rejection)));
        answer(to, answer.build());
    }

    private static Optional<JournalMark> mark(boolean isSet, io.ledgerway.schemas.node.v1.JournalMark mark) {
        return isSet ? Optional.of(NodeCodec.mark(mark)) : Optional.empty();
    }

    @Override
    public void drainJournal(DrainJournalRequest request, StreamObserver<DrainJournalResponse> to) {
        var answered = log.submit(new NodeCommand.DrainJournal(
                header(request.getCommandId(), request.getAt()),
                TestLog.NODE,
                new JournalId(request.getJournalId()),
                request.getEntriesList().stream().map(Journals::entry).toList()));
        var answer = DrainJournalResponse.newBuilder().setPosition(position(answered));
        if (answered.answer() instanceof NodeAnswer.Drained drained) {
            answer.setThrough(drained.through());
        }
        rejection(answered).ifPresent(rejection -> answer.setRejected(Values.rejection(rejection)));
        answer(to, answer.build());
    }

    @Override
    public void reconcileKernel(ReconcileKernelRequest request, StreamObserver<ReconcileKernelResponse> to) {
        var answered = log.submit(new NodeCommand.ReconcileKernel(
                header(request.getCommandId(), request.getAt()),
                TestLog.NODE,
                mark(request.hasMark(), request.getMark()),
                request.getPresentList().stream().map(NodeCodec::present).toList(),
                request.getMissingList().stream().map(NodeCodec::missing).toList()));
        var answer = ReconcileKernelResponse.newBuilder().setPosition(position(answered));
        rejection(answered).ifPresent(rejection -> answer.setRejected(Values.rejection(rejection)));
        answer(to, answer.build());
    }

    @Override
    public void watchDesiredState(WatchDesiredStateRequest request, StreamObserver<WatchDesiredStateResponse> to) {
        var stream = (ServerCallStreamObserver<WatchDesiredStateResponse>) to;
        var after = request.hasAfter() ? Optional.of(Wire.position(request.getAfter())) : Optional.<Position>empty();
        Consumer<StateChange> watcher = change -> {
            synchronized (stream) {
                if (!stream.isCancelled()) {
                    stream.onNext(Wire.change(change));
                }
            }
        };
        stream.setOnCancelHandler(() -> log.unwatch(watcher));
        watchesFrom.add(after);
        if (log.node().incarnation().isEmpty()) {
            stream.onError(
                    Status.FAILED_PRECONDITION.withDescription("register first").asRuntimeException());
            return;
        }
        log.watch(after, watcher);
    }

    /// Cuts every connection off.
    @Override
    public void close() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test's server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
