package io.ledgerway.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.schemas.Values;
import io.ledgerway.schemas.event.v1.Allocation;
import io.ledgerway.schemas.node.v1.Address;
import io.ledgerway.schemas.node.v1.AddressState;
import io.ledgerway.schemas.node.v1.AllocateIpRequest;
import io.ledgerway.schemas.node.v1.AllocateIpResponse;
import io.ledgerway.schemas.node.v1.EndpointReadyReport;
import io.ledgerway.schemas.node.v1.EndpointRemovedReport;
import io.ledgerway.schemas.node.v1.NodeApiServiceGrpc;
import io.ledgerway.schemas.node.v1.NodeApiServiceGrpc.NodeApiServiceBlockingStub;
import io.ledgerway.schemas.node.v1.RegisterNodeRequest;
import io.ledgerway.schemas.node.v1.ReleaseIpRequest;
import io.ledgerway.schemas.node.v1.ReportEndpointRequest;
import io.ledgerway.schemas.node.v1.WatchDesiredStateRequest;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.Surroundings;
import io.ledgerway.server.testing.TestAuthority;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The whole control plane, on a real broker and the simulated cloud, seen through its ports.
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class ControlPlaneTest {

    /// A cold server takes seconds for its first handshake.
    private static final int DEADLINE_SECONDS = 30;

    private final Surroundings around = Surroundings.running();

    @Inject
    Commands commands;

    private interface Use<T> {
        T with(NodeApiServiceBlockingStub node) throws Exception;
    }

    private <T> T as(TestAuthority.Identity identity, Use<T> use) throws Exception {
        var ssl = GrpcSslContexts.forClient()
                .trustManager(around.authority().certificate().toFile());
        if (identity != null) {
            ssl.keyManager(identity.certificate().toFile(), identity.key().toFile());
        }
        return on(
                NettyChannelBuilder.forAddress("127.0.0.1", around.tlsPort())
                        .sslContext(ssl.build())
                        .build(),
                use);
    }

    private static <T> T on(ManagedChannel channel, Use<T> use) throws Exception {
        try {
            return use.with(
                    NodeApiServiceGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
        } finally {
            channel.shutdownNow();
            channel.awaitTermination(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private TestAuthority.Identity node(String number) {
        return around.authority().node(Surroundings.CLUSTER, "i-" + number, "node-" + number);
    }

    private static RegisterNodeRequest registration() {
        return RegisterNodeRequest.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setBootId("boot-1")
                .setRun("run-1")
                .setVersion("0.1")
                .setAt(Values.time(Instant.now()))
                .build();
    }

    private Status refusalOf(TestAuthority.Identity identity) {
        return assertThrows(StatusRuntimeException.class, () -> as(identity, node -> node.registerNode(registration())))
                .getStatus();
    }

    @Test
    void aCallWithoutACertificateIsRefusedWithASentence() {
        var status = refusalOf(null);

        assertEquals(Status.Code.UNAUTHENTICATED, status.getCode());
        assertTrue(status.getDescription().contains("showed no certificate"), status.getDescription());
    }

    @Test
    void aCallOnThePlainPortIsRefused() {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", around.plainPort())
                .usePlaintext()
                .build();

        var refused = assertThrows(
                StatusRuntimeException.class, () -> on(channel, node -> node.registerNode(registration())));

        assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode());
    }

    @Test
    void aCertificateOfAnotherClusterIsRefused() {
        var status = refusalOf(around.authority().node("other-cluster", "i-1", "node-1"));

        assertEquals(Status.Code.PERMISSION_DENIED, status.getCode());
        assertTrue(status.getDescription().contains("other-cluster"), status.getDescription());
    }

    @Test
    void aCertificateThatNamesNoInstanceIsRefused() {
        var status = refusalOf(around.authority()
                .issue(
                        "no-instance",
                        "O=" + Surroundings.CLUSTER + ",CN=node-1",
                        Instant.now().plusSeconds(600)));

        assertEquals(Status.Code.PERMISSION_DENIED, status.getCode());
        assertTrue(status.getDescription().contains("one OU"), status.getDescription());
    }

    @Test
    void anExpiredCertificateIsRefused() {
        var status = refusalOf(around.authority()
                .issue(
                        "expired",
                        TestAuthority.subject(Surroundings.CLUSTER, "i-1", "node-1"),
                        Instant.now().minusSeconds(60)));

        assertEquals(Status.Code.UNAVAILABLE, status.getCode());
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() {
        var status = refusalOf(around.stranger().node(Surroundings.CLUSTER, "i-1", "node-1"));

        // The client keeps to itself a certificate of an authority that the server did not name.
        assertEquals(Status.Code.UNAUTHENTICATED, status.getCode());
    }

    @Test
    void aNodeWithAnotherNodesCertificateIsRefused() throws Exception {
        var headers = new Metadata();
        headers.put(CallerCheck.NODE, "node-2");

        var refused = assertThrows(
                StatusRuntimeException.class,
                () -> as(
                        node("1"),
                        stub -> stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                                .registerNode(registration())));

        assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
    }

    @Test
    void aWatchEndsWhenItsCertificateDoes() throws Exception {
        var shortLived = around.authority()
                .issue(
                        "short",
                        TestAuthority.subject(Surroundings.CLUSTER, "i-1", "node-short"),
                        Instant.now().plusSeconds(4));

        var ended = as(shortLived, node -> {
            var watch = node.watchDesiredState(WatchDesiredStateRequest.getDefaultInstance());
            assertTrue(watch.next().getWhole());
            return assertThrows(StatusRuntimeException.class, watch::next);
        });

        assertEquals(Status.Code.UNAUTHENTICATED, ended.getStatus().getCode());
    }

    @Test
    void anInstanceThatDoesNotHaveTheNameWatchesNothing() throws Exception {
        as(node("1"), node -> node.registerNode(registration()));
        var other = around.authority().node(Surroundings.CLUSTER, "i-9", "node-1");

        var refused = assertThrows(
                StatusRuntimeException.class,
                () -> as(
                        other,
                        node -> node.watchDesiredState(WatchDesiredStateRequest.getDefaultInstance())
                                .next()));

        assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
        assertTrue(
                refused.getStatus().getDescription().contains("is instance i-1"),
                refused.getStatus().getDescription());
    }

    @Test
    void aNodeThatNeverRegisteredIsToldSo() throws Exception {
        var answer = as(node("3"), node -> node.allocateIp(allocation("pod-x", "sandbox-x", null)));

        assertTrue(answer.hasRejected());
        assertTrue(answer.getRejected().getMessage().contains("has not registered"), answer.toString());
    }

    private static PodRequest request(String pod, String sandbox) {
        return new PodRequest(
                new AttachmentId(new PodUid(pod), "eth0"), new SandboxId(sandbox), "default", pod, PodRequest.Dns.NONE);
    }

    private static AllocateIpRequest allocation(String pod, String sandbox, Address candidate) {
        var to = AllocateIpRequest.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setAt(Values.time(Instant.now()))
                .setRequest(Values.request(request(pod, sandbox)));
        if (candidate != null) {
            to.setCandidate(
                    Allocation.newBuilder().setEniId(candidate.getEniId()).addAddresses(candidate.getIp()));
        }
        return to.build();
    }

    private static ReleaseIpRequest release(String pod, String sandbox) {
        return ReleaseIpRequest.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setAt(Values.time(Instant.now()))
                .setAttachment(Values.attachment(request(pod, sandbox).attachment()))
                .setSandboxId(sandbox)
                .build();
    }

    private static ReportEndpointRequest.Builder report(String pod, String sandbox) {
        return ReportEndpointRequest.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setAt(Values.time(Instant.now()))
                .setAttachment(Values.attachment(request(pod, sandbox).attachment()))
                .setSandboxId(sandbox);
    }

    @Test
    void aPodGetsAnAddressAndGivesItBack() throws Exception {
        as(node("1"), node -> {
            assertFalse(node.registerNode(registration()).hasRejected());
            var mirror = new NodeMirror();
            var watch = node.watchDesiredState(WatchDesiredStateRequest.getDefaultInstance());
            mirror.until(watch, "idle addresses", m -> m.in(AddressState.ADDRESS_STATE_IDLE) >= 3);

            var candidate = mirror.first(AddressState.ADDRESS_STATE_IDLE);
            var granted = node.allocateIp(allocation("pod-1", "sandbox-1", candidate));
            assertEquals(AllocateIpResponse.AnswerCase.GRANTED, granted.getAnswerCase(), granted::toString);
            assertEquals(1, granted.getGranted().getEni().getDeviceIndex());
            assertEquals("10.1.0.0/24", granted.getGranted().getVSwitch().getCidr());

            var again = node.allocateIp(allocation("pod-1", "sandbox-1", null));
            assertEquals(granted.getGranted(), again.getGranted(), "a retried ADD gives the same endpoint");

            var taken = node.allocateIp(allocation("pod-2", "sandbox-2", candidate));
            assertEquals(AllocateIpResponse.AnswerCase.CANDIDATE_REFUSED, taken.getAnswerCase());
            mirror.until(
                    watch,
                    "the refusal's position",
                    m -> m.sequence() >= taken.getPosition().getSequence());

            node.reportEndpoint(report("pod-1", "sandbox-1")
                    .setReady(EndpointReadyReport.newBuilder().setHostInterface("lwtest"))
                    .build());
            var released = node.releaseIp(release("pod-1", "sandbox-1"));
            assertTrue(released.getFreed());
            node.reportEndpoint(report("pod-1", "sandbox-1")
                    .setRemoved(EndpointRemovedReport.getDefaultInstance())
                    .build());
            mirror.until(
                    watch,
                    "the address to cool",
                    m -> m.stateOf(candidate.getIp()) == AddressState.ADDRESS_STATE_COOLING);
            mirror.until(
                    watch,
                    "the address to be idle again",
                    m -> m.stateOf(candidate.getIp()) == AddressState.ADDRESS_STATE_IDLE);
            return null;
        });
        assertTrue(
                get("/v1/nodes").body().contains("\"name\":\"node-1\""),
                get("/v1/nodes").body());
        assertTrue(get("/v1/nodes/node-1").body().contains("\"state\":\"attached\""));
        assertTrue(get("/q/metrics").body().contains("ledgerway_add_seconds"));
    }

    @Test
    void aRequestOnAnEmptyPoolIsQueuedAndCompletesOnTheWatch() throws Exception {
        as(node("2"), node -> {
            node.registerNode(registration());
            var answer = node.allocateIp(allocation("pod-early", "sandbox-early", null));
            if (answer.hasQueued()) {
                var mirror = new NodeMirror();
                var watch = node.watchDesiredState(WatchDesiredStateRequest.getDefaultInstance());
                mirror.until(watch, "the queued pod's address", m -> m.hasAddress("pod-early"));
            }
            assertTrue(answer.hasQueued() || answer.hasCandidateRefused(), answer::toString);
            return null;
        });
    }

    /// The position of such an answer may be another node's event, since several nodes share a partition.
    @Test
    void anAnswerWithoutAnEventShowsOnTheWatchAtItsPosition() throws Exception {
        as(node("1"), node -> {
            node.registerNode(registration());
            var mirror = new NodeMirror();
            var watch = node.watchDesiredState(WatchDesiredStateRequest.getDefaultInstance());
            mirror.until(watch, "idle addresses", m -> m.in(AddressState.ADDRESS_STATE_IDLE) >= 3);
            // Nodes are placed by turns, so one of these is a neighbour. Their instances do not exist.
            for (var other : List.of("50", "51")) {
                as(node(other), neighbour -> neighbour.registerNode(registration()));
                commands.execute(new NodeCommand.RetireNode(
                                new Header(new CommandId("retire-" + other), Instant.now(), "test"),
                                new NodeName("node-" + other),
                                "it was never there"))
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }

            var released = node.releaseIp(release("pod-unknown", "sandbox-unknown"));

            assertFalse(released.getFreed());
            long answered = released.getPosition().getSequence();
            mirror.until(watch, "the answer's position", m -> m.sequence() >= answered);
            return null;
        });
    }

    @Test
    void readinessNamesWhatIsAwayAndIsNotNeeded() throws Exception {
        Eventually.eventually("readiness", () -> status("/q/health/ready") == 200, () -> body("/q/health/ready"));

        assertTrue(body("/q/health/ready").contains("\"log\": \"up\""), body("/q/health/ready"));
        assertEquals(200, status("/q/health/live"));
        assertTrue(body("/v1/log").contains("\"state\":\"OPEN\""), body("/v1/log"));
    }

    @Test
    void anUnknownNodeIsAProblemDocument() throws Exception {
        var answer = get("/v1/nodes/nobody");

        assertEquals(404, answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("content-type").orElse("").split(";")[0]);
    }

    private int status(String path) {
        return get(path).statusCode();
    }

    private String body(String path) {
        return get(path).body();
    }

    private HttpResponse<String> get(String path) {
        // Asked to upgrade each connection anew, the server was once seen to leave the client without an answer.
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + around.plainPort() + path))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("GET " + path + " failed", e);
        }
    }
}
