package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.MemoryState;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.StateFile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// How the log is told what a node did alone, and what is refused because of it.
class DrainTest extends OneNode {

    /// Behind the beginning of an entry, and before its end.
    private static final int INTO_AN_ENTRY = 12;

    private static final Duration REST = Duration.ofMillis(100);

    @Override
    int configure() {
        log.configure(3, 3, 10, REST);
        return 3;
    }

    /// What a process does that was killed: nothing.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    private static JournalFact released(int number) {
        var pod = pod("ghost-" + number, "s");
        return new JournalFact.Released(pod.attachment(), pod.sandbox());
    }

    /// The state on disk is from before the pod; the log still holds its address, and the kernel shows nothing of it.
    @Test
    void whatTheLogWasAskedForSinceTheStateWasSavedIsLeftAloneAfterARestartWithoutTheLog() throws Exception {
        rig.close();
        var old = rig.disk.state().load().orElseThrow();
        var neverSavedAgain = new MemoryState() {
            private boolean isOld;

            @Override
            public synchronized void save(StateFile.Contents contents) {
                if (isOld) {
                    throw new Killed();
                }
                isOld = true;
                super.save(contents);
            }
        };
        neverSavedAgain.save(old);
        var disk = new Rig.Disk(rig.disk.journal(), neverSavedAgain, rig.disk.boot());
        rig = open(disk, Optional.empty());
        rig.connect();
        rig.await("connected", () -> rig.watched.state().covers(log.position()));
        var asked = rig.add(pod("a", "s1"));
        rig.kernel.holdDeletions();
        rig.calls.delete(pod("a", "s1"));
        var journal = disk.journal().read().orElseThrow();
        logIsAway();
        rig.close();
        rig.kernel.letDeletionsGo();
        disk.journal().set(journal);
        rig = open(disk, Optional.empty());
        rig.connect();

        for (int i = 0; rig.addresses.free() > 0; i++) {
            assertNotEquals(asked.addresses(), rig.add(pod("p" + i, "s" + i)).addresses());
        }
        assertThrows(CallFailed.class, () -> rig.add(pod("late", "s"), Duration.ofMillis(200)));
        assertTrue(rig.kernel.links().size() > 0);
    }

    @Test
    void thousandEntriesAreToldInBatchesInOrder() throws Exception {
        logIsAway();
        for (int i = 1; i <= 1_000; i++) {
            rig.journal.append(released(i));
        }
        int before = log.events().size();

        long begun = System.nanoTime();
        logIsBack();
        var took = Duration.ofNanos(System.nanoTime() - begun);

        var told = log.events().stream()
                .skip(before)
                .filter(NodeEvent.JournalEntryKept.class::isInstance)
                .map(event -> ((NodeEvent.JournalEntryKept) event).entry().sequence())
                .toList();
        assertEquals(1_000, told.size());
        assertEquals(told.stream().sorted().toList(), told);
        var batches = log.events().stream()
                .skip(before)
                .filter(NodeEvent.JournalDrained.class::isInstance)
                .count();
        assertEquals((1_000 + Line.LARGEST_BATCH - 1) / Line.LARGEST_BATCH, batches);
        System.out.println("1,000 entries, from the log's return to its having all: " + took.toMillis() + " ms");
    }

    @Test
    void interruptedDrainGoesOnAndNothingIsToldTwice() throws Exception {
        logIsAway();
        var result = rig.add(pod("a", "s1"));
        rig.await("ready is journalled", () -> rig.journal.backlog() == 2);
        fault.set(Fault.DRAIN_ANSWER_LOST);
        rig.await(
                "decided, and not heard",
                () -> log.node().endpoint(pod("a", "s1").attachment()).isPresent());
        assertEquals(2, rig.journal.backlog());

        logIsBack();

        assertEquals(
                1,
                log.events().stream()
                        .filter(NodeEvent.IpAllocated.class::isInstance)
                        .count());
        assertEquals(result.addresses(), rig.add(pod("a", "s1")).addresses());
        assertEquals(List.of(), log.kept());
    }

    @Test
    void commandFromBeforeTheDrainIsRefusedAndBringsNoDeletedPodBack() throws Exception {
        fault.set(Fault.LOST);
        var lost = rig.journal.mark();
        rig.add(pod("a", "s1"));
        rig.calls.delete(pod("a", "s1"));
        fault.set(Fault.NONE);
        logIsBack();
        rig.await("gone", () -> log.node().endpoints().isEmpty() && rig.journal.backlog() == 0);

        var answer = log.submit(new NodeCommand.AllocateIp(
                new Header(new CommandId("late"), Instant.EPOCH, "node/test"),
                TestLog.NODE,
                Optional.of(lost),
                pod("a", "s1").request(),
                Optional.empty()));

        assertTrue(answer.answer().toString().contains("LATE_COMMAND"), answer.toString());
        assertTrue(log.node().endpoints().isEmpty());
    }

    @Test
    void addsMeanwhileUseTheJournalAndTheLastBatchHoldsThem() throws Exception {
        log.configure(12, 3, 10, Duration.ofMillis(100));
        rig.await("addresses", () -> rig.addresses.free() >= 10);
        logIsAway();
        for (int i = 1; i <= 3 * Line.LARGEST_BATCH; i++) {
            rig.journal.append(released(i));
        }
        fault.set(Fault.NONE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var adds = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 10; i++) {
                var pod = pod("p" + i, "s" + i);
                adds.add(CompletableFuture.runAsync(() -> add(pod), threads));
            }
            adds.forEach(CompletableFuture::join);
        }

        logIsBack();
        rig.await(
                "all ready",
                () -> log.node().endpoints().size() == 10
                        && log.node().endpoints().values().stream().allMatch(Endpoint.Ready.class::isInstance));
    }

    private void add(PodCall pod) {
        try {
            rig.add(pod);
        } catch (CallFailed | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void twentyAddsAtOnceWhileTheLogIsAwayShareSyncs() throws Exception {
        log.configure(22, 3, 10, Duration.ofMillis(100));
        rig.await("addresses", () -> rig.addresses.free() >= 20);
        logIsAway();
        int before = rig.disk.journal().syncs();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var adds = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 20; i++) {
                var pod = pod("p" + i, "s" + i);
                adds.add(CompletableFuture.runAsync(() -> add(pod), threads));
            }
            adds.forEach(CompletableFuture::join);
        }
        rig.await("all journalled", () -> rig.journal.backlog() == 40);

        assertTrue(rig.disk.journal().syncs() - before <= 40, rig.disk.journal().syncs() + " syncs");
        assertEquals(20, rig.kernel.links().size());
    }

    @Test
    void clockThatJumpsChangesNothingButTheTimesThatAreTold() throws Exception {
        for (var jump : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
            logIsAway();
            var name = "jump" + jump.toHours();
            var first = rig.add(pod(name, "s1"));
            machine.jumpTo(jump);
            long deleted = System.nanoTime();
            rig.calls.delete(pod(name, "s1"));
            rig.await(
                    "removed",
                    () -> rig.reports.backlog() == 0 && rig.kernel.links().isEmpty());
            var second = rig.add(pod(name + "-next", "s2"));
            assertNotEquals(first.addresses(), second.addresses(), "it rests, whatever the clock says");
            var ip = first.addresses();
            rig.await(
                    "rested",
                    () -> rig.journal.entries().stream()
                            .anyMatch(entry -> entry.fact() instanceof JournalFact.Cooled cooled
                                    && cooled.addresses()
                                            .toString()
                                            .contains(ip.getFirst().getHostAddress())));
            assertTrue(System.nanoTime() - deleted >= REST.toNanos(), "not before its time");
            rig.calls.delete(pod(name + "-next", "s2"));
            machine.jumpTo(Duration.ZERO);
            logIsBack();
        }
    }

    @Test
    void oldExecutorOfAReplacedNodeTellsItsJournalAndDoesNothingMore() throws Exception {
        logIsAway();
        rig.add(pod("a", "s1"));
        rig.await("ready is journalled", () -> rig.journal.backlog() == 2);
        log.submit(new NodeCommand.DeclareNodeLost(
                header("operator"),
                TestLog.NODE.node(),
                new LossEvidence(LossEvidence.Kind.INSTANCE_GONE, "the test says so")));
        log.submit(new NodeCommand.RegisterNode(header("node/next"), NEXT, new BootId("other"), "run", "1"));

        fault.set(Fault.NONE);

        rig.await("told", () -> rig.journal.backlog() == 0);
        assertEquals(2, log.kept().size());
        assertInstanceOf(NodeEvent.JournalEntryKept.class, log.kept().getFirst());
        rig.await("refused", () -> rig.agent.whyNoAdd().orElse("").contains("does not accept"));
        var failure = assertThrows(CallFailed.class, () -> rig.add(pod("b", "s2")));
        assertEquals(Reason.NODE_NOT_ACCEPTED, failure.reason());
    }

    @Test
    void damagedJournalIsToldAsFarAsItGoesAndTheLogHearsOfTheLoss() throws Exception {
        var kept = rig.add(pod("kept", "s0"));
        logIsAway();
        var first = rig.add(pod("a", "s1"));
        rig.await("ready is journalled", () -> rig.journal.backlog() >= 2);
        rig.add(pod("b", "s2"));
        rig.await("all is journalled", () -> rig.reports.backlog() == 0);
        var before = rig.journal.id();
        rig.close();
        var bytes = rig.disk.journal().read().orElseThrow();
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("uid-b");
        at = new String(bytes, 0, at, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("uid-b");
        bytes[at] ^= 1;
        rig.disk.journal().set(bytes);
        var kernel = rig.kernel;
        rig = open(rig.disk, Optional.of(kernel));
        rig.connect();
        assertThrows(CallFailed.class, () -> rig.add(pod("c", "s3"), Duration.ofMillis(300)));

        fault.set(Fault.NONE);
        rig.await("compared", () -> rig.journal.isComplete() && rig.journal.backlog() == 0);

        assertNotEquals(before, rig.journal.id());
        assertTrue(log.events().stream().anyMatch(NodeEvent.JournalLost.class::isInstance));
        assertInstanceOf(
                Endpoint.Ready.class,
                log.node().endpoint(pod("a", "s1").attachment()).orElseThrow());
        assertInstanceOf(
                Endpoint.Ready.class,
                log.node().endpoint(pod("b", "s2").attachment()).orElseThrow(),
                "the kernel has it");
        assertEquals(kept.addresses(), rig.add(pod("kept", "s0")).addresses());
        assertEquals(first.addresses(), rig.add(pod("a", "s1")).addresses());
    }

    @Test
    void ofAnEntryThatWasCutOffTheKernelTellsAndTheNodeGoesOnAloneUntilThen() throws Exception {
        rig.add(pod("kept", "s0"));
        logIsAway();
        int whole = rig.disk.journal().read().orElseThrow().length;
        var lost = rig.add(pod("a", "s1"));
        rig.await("all is journalled", () -> rig.reports.backlog() == 0);
        var before = rig.journal.id();
        rig.close();
        var bytes = rig.disk.journal().read().orElseThrow();
        rig.disk.journal().set(Arrays.copyOf(bytes, whole + INTO_AN_ENTRY));
        rig = open(rig.disk, Optional.of(rig.kernel));
        rig.connect();

        rig.await("what looks free has rested", () -> rig.addresses.free() > 0);
        var other = rig.add(pod("b", "s2"));
        fault.set(Fault.NONE);
        rig.await(
                "compared",
                () -> rig.journal.isComplete()
                        && !rig.journal.isLossy()
                        && rig.reports.backlog() == 0
                        && rig.journal.backlog() == 0);

        assertNotEquals(lost.addresses(), other.addresses());
        assertNotEquals(before, rig.journal.id());
        assertTrue(log.events().stream().anyMatch(NodeEvent.JournalLost.class::isInstance));
        for (var pod : List.of(pod("a", "s1"), pod("b", "s2"))) {
            assertInstanceOf(
                    Endpoint.Ready.class, log.node().endpoint(pod.attachment()).orElseThrow());
        }
        assertEquals(lost.addresses(), rig.add(pod("a", "s1")).addresses());
    }
}
