package io.ledgerway.node.controlplane;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.schemas.Journals;
import io.ledgerway.schemas.NodeApiHeaders;
import io.ledgerway.schemas.NodeCodec;
import io.ledgerway.schemas.Values;
import io.ledgerway.schemas.event.v1.Rejection;
import io.ledgerway.schemas.node.v1.AllocateIpRequest;
import io.ledgerway.schemas.node.v1.DrainJournalRequest;
import io.ledgerway.schemas.node.v1.EndpointReadyReport;
import io.ledgerway.schemas.node.v1.EndpointRemovedReport;
import io.ledgerway.schemas.node.v1.NodeApiServiceGrpc;
import io.ledgerway.schemas.node.v1.NodeApiServiceGrpc.NodeApiServiceBlockingStub;
import io.ledgerway.schemas.node.v1.ReconcileKernelRequest;
import io.ledgerway.schemas.node.v1.RegisterNodeRequest;
import io.ledgerway.schemas.node.v1.ReleaseIpRequest;
import io.ledgerway.schemas.node.v1.ReportEndpointRequest;
import io.ledgerway.schemas.node.v1.WatchDesiredStateRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/// The control plane over gRPC with mutual TLS: one connection, to one address at a time.
public final class GrpcControlPlane implements ControlPlane {

    /// Left to itself the transport offers TLS 1.2 alone, which the control plane refuses.
    private static final String[] TLS_VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private static final String[] CIPHER_SUITES = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    };

    /// A silent server is noticed after this and [#KEEP_ALIVE_TIMEOUT].
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);

    /// The first call pays for a handshake, and a server that has just started takes seconds for its first one.
    private static final Duration REGISTER_DEADLINE = Duration.ofSeconds(15);

    private static final Metadata.Key<String> NODE =
            Metadata.Key.of(NodeApiHeaders.NODE, Metadata.ASCII_STRING_MARSHALLER);

    private final List<Endpoint> addresses;
    private final Optional<String> serverName;
    private final NodeName node;
    private final Tls tls;
    private final Duration deadline;
    private final Duration aloneAfter;
    private final Epochs epochs;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private int chosen;
    private ManagedChannel channel;
    private FileTime certificateAge;
    private boolean closed;

    /// @param host a name or an address
    public record Endpoint(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /// @param addresses replicas of the control plane; the next one is tried when one does not answer
    /// @param serverName the name in the control plane's certificate, if it is not the host of the address
    /// @param node who this node takes itself for, whatever certificate is in the files later
    /// @param deadline for each call
    /// @param aloneAfter for a call whose caller can do without the answer: the node goes on alone then
    public GrpcControlPlane(
            List<Endpoint> addresses,
            Optional<String> serverName,
            NodeName node,
            Tls tls,
            Duration deadline,
            Duration aloneAfter,
            Epochs epochs) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("an executor needs at least one address of the control plane");
        }
        this.addresses = List.copyOf(addresses);
        this.serverName = serverName;
        this.node = node;
        this.tls = tls;
        this.deadline = deadline;
        this.aloneAfter = aloneAfter.compareTo(deadline) < 0 ? aloneAfter : deadline;
        this.epochs = epochs;
    }

    @Override
    public Acknowledgement register(Call call, BootId boot, String run, String version) throws Unanswered {
        var request = RegisterNodeRequest.newBuilder()
                .setCommandId(call.id().value())
                .setAt(Values.time(call.at()))
                .setBootId(boot.value())
                .setRun(run)
                .setVersion(version)
                .setMark(NodeCodec.mark(call.mark()))
                .build();
        var answer = ask("RegisterNode", REGISTER_DEADLINE, stub -> stub.registerNode(request));
        return acknowledgement(answer.getPosition(), answer.hasRejected(), answer.getRejected());
    }

    @Override
    public AllocateAnswer allocate(Call call, PodRequest request, Optional<Allocation> candidate) throws Unanswered {
        var message = AllocateIpRequest.newBuilder()
                .setCommandId(call.id().value())
                .setAt(Values.time(call.at()))
                .setMark(NodeCodec.mark(call.mark()))
                .setRequest(Values.request(request));
        candidate.ifPresent(chosenOne -> message.setCandidate(Values.allocation(chosenOne)));
        // With a candidate at hand the pod need not wait for a log that is silent.
        var patience = candidate.isPresent() ? aloneAfter : deadline;
        var answer = ask("AllocateIp", patience, stub -> stub.allocateIp(message.build()));
        believe("AllocateIp", answer.getPosition());
        return Wire.answer(answer);
    }

    @Override
    public ReleaseAnswer release(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered {
        var request = ReleaseIpRequest.newBuilder()
                .setCommandId(call.id().value())
                .setAt(Values.time(call.at()))
                .setMark(NodeCodec.mark(call.mark()))
                .setAttachment(Values.attachment(attachment))
                .setSandboxId(sandbox.value())
                .build();
        var answer = ask("ReleaseIp", aloneAfter, stub -> stub.releaseIp(request));
        var at = believe("ReleaseIp", answer.getPosition());
        return answer.hasRejected()
                ? new Rejected(at, Values.rejection(answer.getRejected()))
                : new Released(at, answer.getFreed());
    }

    @Override
    public Acknowledgement reportReady(Call call, AttachmentId attachment, SandboxId sandbox, String hostInterface)
            throws Unanswered {
        return report(report(call, attachment, sandbox)
                .setReady(EndpointReadyReport.newBuilder().setHostInterface(hostInterface)));
    }

    @Override
    public Acknowledgement reportRemoved(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered {
        return report(report(call, attachment, sandbox).setRemoved(EndpointRemovedReport.getDefaultInstance()));
    }

    private static ReportEndpointRequest.Builder report(Call call, AttachmentId attachment, SandboxId sandbox) {
        return ReportEndpointRequest.newBuilder()
                .setCommandId(call.id().value())
                .setAt(Values.time(call.at()))
                .setMark(NodeCodec.mark(call.mark()))
                .setAttachment(Values.attachment(attachment))
                .setSandboxId(sandbox.value());
    }

    private Acknowledgement report(ReportEndpointRequest.Builder request) throws Unanswered {
        var answer = ask("ReportEndpoint", deadline, stub -> stub.reportEndpoint(request.build()));
        return acknowledgement(answer.getPosition(), answer.hasRejected(), answer.getRejected());
    }

    private Acknowledgement acknowledgement(
            io.ledgerway.schemas.node.v1.Position position, boolean isRejected, Rejection rejection) throws Unanswered {
        var at = believe("a report", position);
        return isRejected ? new Rejected(at, Values.rejection(rejection)) : new Done(at);
    }

    @Override
    public DrainAnswer drain(Call call, List<Journalled> entries) throws Unanswered {
        var request = DrainJournalRequest.newBuilder()
                .setCommandId(call.id().value())
                .setAt(Values.time(call.at()))
                .setJournalId(call.mark().journal().value())
                .addAllEntries(entries.stream().map(Journals::entry).toList())
                .build();
        var answer = ask("DrainJournal", deadline, stub -> stub.drainJournal(request));
        var at = believe("DrainJournal", answer.getPosition());
        return answer.hasRejected()
                ? new Rejected(at, Values.rejection(answer.getRejected()))
                : new Drained(at, answer.getThrough());
    }

    @Override
    public Acknowledgement reconcile(Call call, List<Present> present, List<Missing> missing) throws Unanswered {
        var request = ReconcileKernelRequest.newBuilder()
                .setCommandId(call.id().value())
                .setAt(Values.time(call.at()))
                .setMark(NodeCodec.mark(call.mark()))
                .addAllPresent(present.stream().map(NodeCodec::present).toList())
                .addAllMissing(missing.stream().map(NodeCodec::missing).toList())
                .build();
        var answer = ask("ReconcileKernel", deadline, stub -> stub.reconcileKernel(request));
        return acknowledgement(answer.getPosition(), answer.hasRejected(), answer.getRejected());
    }

    @Override
    public void watch(Optional<Position> after, Predicate<StateChange> sink) throws Unanswered {
        var request = WatchDesiredStateRequest.newBuilder();
        after.ifPresent(position -> request.setAfter(Wire.position(position)));
        var used = channel();
        var context = Context.current().withCancellation();
        var before = context.attach();
        try {
            var messages = NodeApiServiceGrpc.newBlockingStub(used).watchDesiredState(request.build());
            while (messages.hasNext()) {
                if (!sink.test(Wire.change(messages.next()))) {
                    return;
                }
            }
            throw new Unanswered(Unanswered.Kind.AWAY, "the control plane at " + address() + " ended the watch");
        } catch (StatusRuntimeException e) {
            throw unanswered("WatchDesiredState", e, used);
        } finally {
            context.detach(before);
            context.cancel(null);
        }
    }

    private <A> A ask(String what, Duration atMost, Function<NodeApiServiceBlockingStub, A> call) throws Unanswered {
        var used = channel();
        try {
            return call.apply(
                    NodeApiServiceGrpc.newBlockingStub(used).withDeadlineAfter(atMost.toNanos(), TimeUnit.NANOSECONDS));
        } catch (StatusRuntimeException e) {
            throw unanswered(what, e, used);
        }
    }

    private Position believe(String what, io.ledgerway.schemas.node.v1.Position position) throws Unanswered {
        var at = Wire.position(position);
        if (!epochs.admit(at)) {
            throw new Unanswered(
                    Unanswered.Kind.DEPOSED,
                    what + " was answered by " + address() + " under epoch " + at.epoch() + ", but epoch "
                            + epochs.highest() + " has spoken to this node");
        }
        return at;
    }

    private Unanswered unanswered(String what, StatusRuntimeException e, ManagedChannel used) {
        var status = e.getStatus();
        var kind = switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, ABORTED, RESOURCE_EXHAUSTED, UNKNOWN, INTERNAL ->
                Unanswered.Kind.AWAY;
            case OK,
                    INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    DATA_LOSS,
                    UNAUTHENTICATED -> Unanswered.Kind.REFUSED;
        };
        var at = address();
        moveOnFrom(used);
        return new Unanswered(
                kind, what + " at " + at + " got no answer: " + status.getCode() + said(status) + hint(status), e);
    }

    private static String said(Status status) {
        var cause = status.getCause() == null ? "" : " (" + deepest(status.getCause()) + ")";
        return (status.getDescription() == null ? "" : ": " + status.getDescription()) + cause;
    }

    private static Throwable deepest(Throwable cause) {
        var at = cause;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        return at;
    }

    /// A server that does not trust our certificate just hangs up, and says nothing that could be read.
    private static String hint(Status status) {
        return String.valueOf(status.getDescription()).contains("End of stream")
                ? "; if it runs, it may not trust this node's certificate (expired, or signed by another authority)"
                : "";
    }

    @Override
    public synchronized String address() {
        return addresses.get(chosen).toString();
    }

    /// The next call goes to the next address, or at least does not wait for the back-off of this one. Of several calls
    /// that fail on one connection the first one moves.
    private synchronized void moveOnFrom(ManagedChannel failed) {
        if (channel != failed || closed) {
            return;
        }
        if (addresses.size() > 1 || !certificateAge().equals(certificateAge)) {
            channel.shutdown();
            channel = null;
            chosen = (chosen + 1) % addresses.size();
        } else {
            channel.resetConnectBackoff();
        }
    }

    private synchronized ManagedChannel channel() throws Unanswered {
        if (closed) {
            throw new Unanswered(Unanswered.Kind.AWAY, "the executor is stopping");
        }
        if (channel == null) {
            channel = open(addresses.get(chosen));
        }
        return channel;
    }

    private ManagedChannel open(Endpoint endpoint) throws Unanswered {
        certificateAge = certificateAge();
        try {
            var builder = OkHttpChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                    .sslSocketFactory(tls.socketFactory())
                    .tlsConnectionSpec(TLS_VERSIONS, CIPHER_SUITES)
                    .intercept(MetadataUtils.newAttachHeadersInterceptor(headers()))
                    .executor(executor)
                    .transportExecutor(executor)
                    .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
                    .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .keepAliveWithoutCalls(false);
            serverName.ifPresent(builder::overrideAuthority);
            return builder.build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new Unanswered(
                    Unanswered.Kind.REFUSED,
                    "no TLS with certificate " + tls.certificate() + ", key " + tls.key() + " and authority "
                            + tls.authority() + ": " + deepest(e),
                    e);
        }
    }

    private Metadata headers() {
        var headers = new Metadata();
        headers.put(NODE, node.value());
        return headers;
    }

    /// A renewed certificate is taken into use with the next connection.
    private FileTime certificateAge() {
        try {
            return Files.getLastModifiedTime(tls.certificate());
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (channel != null) {
            channel.shutdownNow();
        }
        executor.shutdown();
    }
}
