package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.StateFile;
import io.ledgerway.node.journal.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Rule 18 on a real file system: the node's folder is mounted read-only, from the start or later. What the log can
/// decide goes on, and what only the journal could is refused and leaves nothing half done.
@Timeout(60)
class ReadOnlyFolderTest {

    private static final String READ_ONLY = "Read-only file system";

    @TempDir
    Path folder;

    private final TestLog log = new TestLog();
    private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
    private Path data;
    private DiskFile journal;
    private Rig rig;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        data = folder.resolve("lw-data");
        java.nio.file.Files.createDirectory(data);
        assertEquals(0, run("mount", "-t", "tmpfs", "-o", "size=4m", "lw-read-only", data.toString()));
        start(Optional.empty());
        rig.await("compared", rig.journal::isComplete);
        log.configure(3, 2, 4, Duration.ofMillis(200));
        rig.await("addresses", () -> rig.addresses.free() >= 3);
    }

    @AfterEach
    void unmount() throws Exception {
        if (rig != null) {
            rig.close();
            journal.close();
            assertEquals(0, rig.kernel.violations().size());
        }
        run("umount", "-l", data.toString());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), String.join(" ", command) + " does not end");
        return process.exitValue();
    }

    private void start(Optional<FakeKernel> kernel) {
        journal = new DiskFile(data.resolve("journal"));
        rig = new Rig(
                new DirectControlPlane(log, fault::get),
                journal,
                new StateFile(data.resolve("state"), TestLog.NODE),
                kernel);
        rig.connect();
    }

    private void stop() throws IOException {
        rig.close();
        journal.close();
    }

    private boolean isRemounted(String how) throws IOException, InterruptedException {
        return run("mount", "-o", "remount," + how, data.toString()) == 0;
    }

    /// The kernel does not take a file system away from somebody who has a file of it open for writing. So the
    /// journal's is closed, which it opens anew when it writes, until it is caught so.
    private void becomesReadOnly() throws Exception {
        for (int attempt = 1; attempt <= 200; attempt++) {
            journal.close();
            if (isRemounted("ro")) {
                return;
            }
        }
        throw new AssertionError("the folder could not be made read-only");
    }

    private void becomesWritable() throws Exception {
        assertTrue(isRemounted("rw"));
    }

    private void logIsAway() throws InterruptedException {
        fault.set(Fault.LOST);
        rig.await("away", () -> !rig.line.isConnected());
    }

    private void logIsBack() throws InterruptedException {
        fault.set(Fault.NONE);
        rig.await("drained", () -> rig.line.isConnected() && rig.journal.backlog() == 0);
    }

    private Endpoint inLog(PodCall call) {
        return log.node().endpoint(call.attachment()).orElse(null);
    }

    private void addKnown(PodCall call) throws Exception {
        rig.add(call);
        rig.await("ready", () -> inLog(call) instanceof Endpoint.Ready);
        rig.await("seen", () -> rig.watched.state().covers(log.position()));
    }

    private void assertRefused(org.junit.jupiter.api.function.Executable call) {
        var failure = assertThrows(CallFailed.class, call);
        assertEquals(Reason.TRY_AGAIN, failure.reason());
        assertTrue(failure.getMessage().contains(READ_ONLY), failure.getMessage());
    }

    /// Pod a goes and b comes with the log; then the log is away, and nothing more comes or goes.
    private void assertOnlyTheLogIsServed() throws Exception {
        addKnown(pod("b", "s2"));
        rig.calls.delete(pod("a", "s1"));
        rig.await("gone", () -> inLog(pod("a", "s1")) == null);
        assertTrue(rig.agent.whyNoAdd().isEmpty(), "it is ready");

        logIsAway();
        assertRefused(() -> rig.add(pod("c", "s3")));
        assertRefused(() -> rig.calls.delete(pod("b", "s2")));
        assertEquals(1, rig.kernel.links().size(), "b goes on");
        assertTrue(rig.agent.whyNoAdd().isPresent(), "it is not ready");
    }

    @Test
    void folderThatBecomesReadOnlyStopsNothingWhileTheLogAnswersAndEverythingElse() throws Exception {
        addKnown(pod("a", "s1"));
        becomesReadOnly();

        assertOnlyTheLogIsServed();
        assertEquals(0, rig.calls.check(pod("b", "s2")).differences().size());

        becomesWritable();
        rig.await("ready again", () -> rig.agent.whyNoAdd().isEmpty());
        rig.add(pod("c", "s3"));
        rig.calls.delete(pod("b", "s2"));
        logIsBack();
        rig.await("told", () -> inLog(pod("c", "s3")) instanceof Endpoint.Ready && inLog(pod("b", "s2")) == null);
    }

    @Test
    void executorThatStartsOnAReadOnlyFolderServesWhileTheLogAnswers() throws Exception {
        addKnown(pod("a", "s1"));
        stop();
        assertTrue(isRemounted("ro"));

        start(Optional.of(rig.kernel));

        assertOnlyTheLogIsServed();

        becomesWritable();
        rig.await("ready again", () -> rig.agent.whyNoAdd().isEmpty());
        rig.add(pod("c", "s3"));
        logIsBack();
    }

    @Test
    void executorWithoutAJournalDoesNotStartOnAReadOnlyFolder() throws Exception {
        stop();
        assertEquals(
                0,
                run(
                        "rm",
                        data.resolve("journal").toString(),
                        data.resolve("state").toString()));
        assertTrue(isRemounted("ro"));

        var failure = assertThrows(java.io.UncheckedIOException.class, () -> start(Optional.of(rig.kernel)));

        assertTrue(failure.getMessage().contains(READ_ONLY), failure.getMessage());
    }
}
