package io.ledgerway.server.grpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.schemas.Journals;
import io.ledgerway.schemas.NodeCodec;
import io.ledgerway.schemas.Values;
import io.ledgerway.schemas.event.v1.Time;
import io.ledgerway.schemas.node.v1.AllocateIpRequest;
import io.ledgerway.schemas.node.v1.AllocateIpResponse;
import io.ledgerway.schemas.node.v1.DrainJournalRequest;
import io.ledgerway.schemas.node.v1.DrainJournalResponse;
import io.ledgerway.schemas.node.v1.NodeApiServiceGrpc.NodeApiServiceImplBase;
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
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.LogUnavailable;
import io.quarkus.grpc.GrpcService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// What nodes ask. Every answer waits for the log; who asks comes from the certificate.
@GrpcService
final class NodeApi extends NodeApiServiceImplBase {

    /// Ids and tokens of the cloud are made of it, and those have 64 characters at most.
    static final int LONGEST_COMMAND_ID = 48;

    /// Each becomes an event or two, and all of them one append.
    static final int MOST_ENTRIES = 1024;

    private static final Logger LOG = Logger.getLogger(NodeApi.class);

    private final Commands commands;
    private final DesiredStates desiredStates;
    private final AddTimes times;
    private final Duration deadline;

    NodeApi(Commands commands, DesiredStates desiredStates, AddTimes times, NodeApiSettings settings) {
        this.commands = commands;
        this.desiredStates = desiredStates;
        this.times = times;
        this.deadline = settings.deadline();
    }

    @Override
    public void registerNode(RegisterNodeRequest request, StreamObserver<RegisterNodeResponse> observer) {
        answer(
                observer,
                caller -> new NodeCommand.RegisterNode(
                        header(caller, request.getCommandId(), request.hasAt(), request.getAt()),
                        caller.incarnation(),
                        mark(request.hasMark(), request.getMark()),
                        new BootId(request.getBootId()),
                        request.getRun(),
                        request.getVersion()),
                Answers::registered);
    }

    @Override
    public void allocateIp(AllocateIpRequest request, StreamObserver<AllocateIpResponse> observer) {
        var clock = times.begin();
        answer(
                observer,
                caller -> new NodeCommand.AllocateIp(
                        header(caller, request.getCommandId(), request.hasAt(), request.getAt()),
                        caller.incarnation(),
                        mark(request.hasMark(), request.getMark()),
                        Values.request(request.getRequest()),
                        request.hasCandidate()
                                ? Optional.of(Values.allocation(request.getCandidate()))
                                : Optional.empty()),
                reply -> {
                    clock.committed(reply);
                    return Answers.allocated(reply);
                },
                clock::answered);
    }

    @Override
    public void releaseIp(ReleaseIpRequest request, StreamObserver<ReleaseIpResponse> observer) {
        answer(
                observer,
                caller -> new NodeCommand.ReleaseIp(
                        header(caller, request.getCommandId(), request.hasAt(), request.getAt()),
                        caller.incarnation(),
                        mark(request.hasMark(), request.getMark()),
                        Values.attachment(request.getAttachment()),
                        new SandboxId(request.getSandboxId())),
                Answers::released);
    }

    @Override
    public void reportEndpoint(ReportEndpointRequest request, StreamObserver<ReportEndpointResponse> observer) {
        answer(observer, caller -> report(caller, request), Answers::reported);
    }

    private static NodeCommand report(Caller caller, ReportEndpointRequest request) {
        var header = header(caller, request.getCommandId(), request.hasAt(), request.getAt());
        var mark = mark(request.hasMark(), request.getMark());
        var attachment = Values.attachment(request.getAttachment());
        var sandbox = new SandboxId(request.getSandboxId());
        return switch (request.getStateCase()) {
            case READY ->
                new NodeCommand.ReportEndpointReady(
                        header,
                        caller.incarnation(),
                        mark,
                        attachment,
                        sandbox,
                        request.getReady().getHostInterface());
            case REMOVED ->
                new NodeCommand.ReportEndpointRemoved(header, caller.incarnation(), mark, attachment, sandbox);
            case STATE_NOT_SET ->
                throw new IllegalArgumentException("a report of " + attachment + " says ready or removed");
        };
    }

    @Override
    public void drainJournal(DrainJournalRequest request, StreamObserver<DrainJournalResponse> observer) {
        answer(
                observer,
                caller -> new NodeCommand.DrainJournal(
                        header(caller, request.getCommandId(), request.hasAt(), request.getAt()),
                        caller.incarnation(),
                        new JournalId(request.getJournalId()),
                        entries(request)),
                Answers::drained);
    }

    private static List<Journalled> entries(DrainJournalRequest request) {
        if (request.getEntriesCount() > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "one drain carries at most " + MOST_ENTRIES + " entries, not " + request.getEntriesCount());
        }
        return request.getEntriesList().stream().map(Journals::entry).toList();
    }

    @Override
    public void reconcileKernel(ReconcileKernelRequest request, StreamObserver<ReconcileKernelResponse> observer) {
        answer(
                observer,
                caller -> new NodeCommand.ReconcileKernel(
                        header(caller, request.getCommandId(), request.hasAt(), request.getAt()),
                        caller.incarnation(),
                        mark(request.hasMark(), request.getMark()),
                        request.getPresentList().stream()
                                .map(NodeCodec::present)
                                .toList(),
                        request.getMissingList().stream()
                                .map(NodeCodec::missing)
                                .toList()),
                Answers::reconciled);
    }

    private static Optional<JournalMark> mark(boolean isSet, io.ledgerway.schemas.node.v1.JournalMark mark) {
        return isSet ? Optional.of(NodeCodec.mark(mark)) : Optional.empty();
    }

    @Override
    public void watchDesiredState(
            WatchDesiredStateRequest request, StreamObserver<WatchDesiredStateResponse> observer) {
        desiredStates.watch(Caller.current(), HttpConnection.current(), request, (ServerCallStreamObserver<
                        WatchDesiredStateResponse>)
                observer);
    }

    private static Header header(Caller caller, String commandId, boolean hasAt, Time at) {
        if (commandId.length() > LONGEST_COMMAND_ID) {
            throw new IllegalArgumentException(
                    "a command id has at most " + LONGEST_COMMAND_ID + " characters, not " + commandId.length());
        }
        if (!hasAt) {
            throw new IllegalArgumentException("command " + commandId + " does not say when it happened");
        }
        return new Header(new CommandId(commandId), Values.instant(at), caller.actor());
    }

    private <R> void answer(
            StreamObserver<R> observer, Function<Caller, NodeCommand> command, Function<Commands.Reply, R> answer) {
        answer(observer, command, answer, () -> {});
    }

    private <R> void answer(
            StreamObserver<R> observer,
            Function<Caller, NodeCommand> command,
            Function<Commands.Reply, R> answer,
            Runnable answered) {
        NodeCommand asked;
        try {
            asked = command.apply(Caller.current());
        } catch (IllegalArgumentException e) {
            observer.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
            return;
        }
        execute(() -> commands.execute(asked).orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS))
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        observer.onError(status(asked, failure).asRuntimeException());
                        return;
                    }
                    // The node waits until it has seen this position, which need not be of an event of its own.
                    desiredStates.changed(asked.node());
                    observer.onNext(answer.apply(reply));
                    observer.onCompleted();
                    answered.run();
                });
    }

    private static CompletableFuture<Commands.Reply> execute(Supplier<CompletableFuture<Commands.Reply>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Status status(NodeCommand asked, Throwable thrown) {
        var failure = thrown instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : thrown;
        return switch (failure) {
            case LogUnavailable unavailable -> Status.UNAVAILABLE.withDescription(unavailable.getMessage());
            case TimeoutException late ->
                Status.DEADLINE_EXCEEDED.withDescription("the log has not confirmed the command after "
                        + deadline.toMillis() + " ms; its outcome is not known");
            default -> {
                LOG.errorf(failure, "%s failed", asked);
                yield Status.INTERNAL.withDescription(failure.toString());
            }
        };
    }
}
