package io.ledgerway.node.controlplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.calls.TestLog;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.time.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GrpcControlPlaneTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final BootId BOOT = new BootId("boot-1");
    private static final AttachmentId POD = new AttachmentId(new PodUid("uid-a"), "eth0");
    private static final PodRequest REQUEST =
            new PodRequest(POD, new SandboxId("s1"), "default", "a", PodRequest.Dns.NONE);

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    private final TestLog log = new TestLog();
    private final Epochs epochs = new Epochs();
    private final ConcurrentLinkedQueue<AutoCloseable> open = new ConcurrentLinkedQueue<>();
    private int commands;
    private TestServer server;

    @BeforeAll
    static void makeCertificates() throws IOException {
        certificates = new Certificates(folder);
        certificates.authority("ca");
        certificates.authority("stranger");
        certificates.certificate("server", "ca", "CN=server", "-ext", "san=dns:localhost,ip:127.0.0.1");
        certificates.certificate("node", "ca", "CN=node-1,OU=i-1,O=test");
        certificates.certificate("unknown", "stranger", "CN=node-1,OU=i-1,O=test");
        certificates.certificate("expired", "ca", "CN=node-1,OU=i-1,O=test", "-startdate", "-3d");
    }

    @BeforeEach
    void start() throws IOException {
        server = serve(0);
    }

    @AfterEach
    void close() throws Exception {
        for (var each : open) {
            each.close();
        }
    }

    private TestServer serve(int port) throws IOException {
        var started = TestServer.start(log, port, certificates);
        open.add(started);
        return started;
    }

    private GrpcControlPlane client(Tls tls, int... ports) {
        var addresses = new ArrayList<GrpcControlPlane.Endpoint>();
        for (int port : ports) {
            addresses.add(new GrpcControlPlane.Endpoint("127.0.0.1", port));
        }
        var client = new GrpcControlPlane(
                addresses,
                Optional.empty(),
                TestLog.NODE.node(),
                tls,
                Duration.ofSeconds(3),
                Duration.ofSeconds(3),
                epochs);
        open.add(client);
        return client;
    }

    private GrpcControlPlane client() {
        return client(certificates.tls("node", "ca"), server.port());
    }

    private ControlPlane.Call call() {
        return new ControlPlane.Call(
                new CommandId("c-" + commands++), Instant.EPOCH, new JournalMark(new JournalId("journal-1"), 0));
    }

    private void await(Watched watched, Position position) throws InterruptedException {
        assertTrue(
                watched.await(state -> state.covers(position) ? Optional.of(true) : Optional.empty(), PATIENCE)
                        .isPresent(),
                "the state does not come to " + position);
    }

    @Test
    void everyCallAndItsAnswerCrossTheWire() throws Exception {
        var client = client();
        assertInstanceOf(
                ControlPlane.Rejected.class, client.allocate(call(), REQUEST, Optional.empty()), "not registered");
        assertInstanceOf(ControlPlane.Done.class, client.register(call(), BOOT, "run", "1"));
        log.configure(2, 1, 3, Duration.ofSeconds(30));

        var refused = assertInstanceOf(
                ControlPlane.CandidateRefused.class, client.allocate(call(), REQUEST, Optional.empty()));
        assertTrue(refused.why().contains("none was proposed"), refused.why());
        var candidate = new Addresses(System::nanoTime);
        candidate.accept(log.state());
        var granted =
                assertInstanceOf(ControlPlane.Granted.class, client.allocate(call(), REQUEST, candidate.propose(POD)));
        assertTrue(log.position().covers(granted.at()));
        assertEquals(REQUEST, granted.request());
        assertEquals(
                log.node().vSwitches().values().iterator().next().gateway(),
                granted.vSwitch().gateway());
        assertInstanceOf(ControlPlane.Done.class, client.reportReady(call(), POD, REQUEST.sandbox(), "lwabc"));
        assertTrue(((ControlPlane.Released) client.release(call(), POD, REQUEST.sandbox())).freed());
        assertInstanceOf(
                ControlPlane.Rejected.class, client.allocate(call(), REQUEST, Optional.empty()), "being released");
        assertInstanceOf(ControlPlane.Done.class, client.reportRemoved(call(), POD, REQUEST.sandbox()));
        assertTrue(log.node().endpoints().isEmpty());
    }

    @Test
    void journalAndComparisonCrossTheWire() throws Exception {
        var client = client();
        client.register(call(), BOOT, "run", "1");
        log.configure(2, 1, 3, Duration.ofSeconds(30));
        var addresses = new Addresses(System::nanoTime);
        addresses.accept(log.state());
        var bound = new JournalFact.Bound(REQUEST, addresses.propose(POD).orElseThrow());
        var at = Instant.parse("2026-01-01T00:00:00Z");

        var drained = assertInstanceOf(
                ControlPlane.Drained.class, client.drain(call(), List.of(new Journalled(1, at, bound))));
        assertEquals(1, drained.through());
        assertInstanceOf(Endpoint.Allocated.class, log.node().endpoint(POD).orElseThrow());
        var late = assertInstanceOf(
                ControlPlane.Rejected.class, client.allocate(call(), REQUEST, Optional.empty()), "sent at entry 0");
        assertEquals(Rejection.Reason.LATE_COMMAND, late.rejection().reason());
        var mark = new JournalMark(new JournalId("journal-1"), 1);
        var missing = List.of(new Missing(POD, REQUEST.sandbox()));
        assertInstanceOf(
                ControlPlane.Done.class,
                client.reconcile(new ControlPlane.Call(new CommandId("compare"), at, mark), List.of(), missing));
        assertTrue(log.node().endpoints().isEmpty());
    }

    @Test
    void queuedCrossesTheWireWithWhatItWaitsFor() throws Exception {
        var client = client();
        client.register(call(), BOOT, "run", "1");
        log.openCloud(false);
        log.configure(0, 1, 3, Duration.ofSeconds(30));

        var queued = assertInstanceOf(ControlPlane.Queued.class, client.allocate(call(), REQUEST, Optional.empty()));

        assertTrue(queued.waitsFor().isPresent());
    }

    @Test
    void watchFollowsAndComesBackFromWhereItWas() throws Exception {
        var machine = new Machine();
        var addresses = new Addresses(System::nanoTime);
        var watched = new Watched(addresses, epochs, machine);
        var port = server.port();
        var journal = Journal.open(new MemoryFile(), TestLog.NODE, BOOT, machine);
        var line = new Line(journal, machine);
        var alone = new Alone(addresses, journal, line::journalChanged);
        var client = client();
        var returning = new Returning(client, line, journal, alone, BOOT, "1", Steps.NONE, machine);
        open.add(returning);
        returning.start();
        var connection = new Connection(client, line, watched, alone, machine, () -> {});
        open.add(connection);
        connection.start();
        await(watched, new Position(3, 0, 1));
        log.configure(2, 1, 3, Duration.ofSeconds(30));
        await(watched, log.position());
        assertEquals(log.state(), watched.state());

        server.close();
        log.progress();
        server = serve(port);

        await(watched, log.position());
        assertTrue(server.watchesFrom().getFirst().isPresent(), "it said where it was");
        log.takeOver();
        await(watched, log.position());
        assertEquals(log.state(), watched.state());
    }

    @Test
    void callsComeBackAtOnceWhenTheServerDoes() throws Exception {
        var client = client();
        var port = server.port();
        client.register(call(), BOOT, "run", "1");
        server.close();
        for (int i = 0; i < 20; i++) {
            assertThrows(Unanswered.class, () -> client.register(call(), BOOT, "run", "1"));
        }
        serve(port);
        long begun = System.nanoTime();

        for (boolean answered = false; !answered; ) {
            try {
                client.register(call(), BOOT, "run", "1");
                answered = true;
            } catch (Unanswered e) {
                assertTrue(System.nanoTime() - begun < PATIENCE.toNanos(), e.getMessage());
            }
        }

        assertTrue(Duration.ofNanos(System.nanoTime() - begun).compareTo(Duration.ofSeconds(3)) < 0);
    }

    @Test
    void nextAddressIsTriedWhenOneIsDead() throws Exception {
        int dead = server.port();
        server.close();
        server = serve(0);
        var client = client(certificates.tls("node", "ca"), dead, server.port());

        assertThrows(Unanswered.class, () -> client.register(call(), BOOT, "run", "1"));
        assertInstanceOf(ControlPlane.Done.class, client.register(call(), BOOT, "run", "1"));
    }

    @Test
    void silentServerIsGivenUpAtTheDeadline() throws Exception {
        var client = client();
        client.register(call(), BOOT, "run", "1");
        server.fallSilent();
        long begun = System.nanoTime();

        var failure = assertThrows(Unanswered.class, () -> client.release(call(), POD, REQUEST.sandbox()));

        assertEquals(Unanswered.Kind.AWAY, failure.kind());
        assertTrue(failure.getMessage().contains("DEADLINE_EXCEEDED"), failure.getMessage());
        assertTrue(Duration.ofNanos(System.nanoTime() - begun).compareTo(Duration.ofSeconds(2)) > 0);
    }

    @Test
    void answerUnderAnOldEpochIsNotBelieved() throws Exception {
        var client = client();
        client.register(call(), BOOT, "run", "1");
        epochs.admit(new Position(3, 0, 7));

        var failure = assertThrows(Unanswered.class, () -> client.release(call(), POD, REQUEST.sandbox()));

        assertEquals(Unanswered.Kind.DEPOSED, failure.kind());
    }

    @Test
    void certificatesOfStrangersAndOldOnesAreRefusedOnBothSides() {
        for (var tls : List.of(
                certificates.tls("unknown", "ca"),
                certificates.tls("expired", "ca"),
                certificates.tls("node", "stranger"))) {
            var failure = assertThrows(
                    Unanswered.class, () -> client(tls, server.port()).register(call(), BOOT, "run", "1"));
            assertTrue(log.node().incarnation().isEmpty(), failure.getMessage());
        }
    }

    @Test
    void renewedCertificateIsTakenIntoUse() throws Exception {
        var own = folder.resolve("own.crt");
        var key = folder.resolve("own.key");
        Files.copy(certificates.certificate("unknown"), own, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificates.key("unknown"), key, StandardCopyOption.REPLACE_EXISTING);
        var client = client(new Tls(own, key, certificates.certificate("ca")), server.port());
        assertThrows(Unanswered.class, () -> client.register(call(), BOOT, "run", "1"));

        Files.copy(certificates.certificate("node"), own, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificates.key("node"), key, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(own, FileTime.from(Instant.now().plusSeconds(1)));

        assertThrows(Unanswered.class, () -> client.register(call(), BOOT, "run", "1"));
        assertInstanceOf(ControlPlane.Done.class, client.register(call(), BOOT, "run", "1"));
    }

    @Test
    void everyCallNamesTheNodeThatMakesIt() throws Exception {
        var client = client();
        client.register(call(), BOOT, "run", "1");
        client.release(call(), POD, REQUEST.sandbox());

        assertEquals(List.of("node-1", "node-1"), server.callers());
    }

    @Test
    void missingCertificateIsNamed() {
        var failure = assertThrows(
                Unanswered.class,
                () -> client(certificates.tls("nowhere", "ca"), server.port()).register(call(), BOOT, "run", "1"));

        assertTrue(failure.getMessage().contains("nowhere"), failure.getMessage());
    }
}
