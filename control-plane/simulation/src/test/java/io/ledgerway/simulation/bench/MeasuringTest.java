package io.ledgerway.simulation.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.simulation.demo.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuringTest {

    @Test
    void aPercentileIsOneOfTheMeasurementsInWhateverOrderTheyCame() {
        var measured = new ArrayList<>(
                LongStream.rangeClosed(1, 100).mapToObj(Duration::ofMillis).toList());
        Collections.reverse(measured);

        var latencies = new Latencies(measured);

        assertEquals(50, latencies.median());
        assertEquals(99, latencies.percentile(0.99));
        assertEquals(100, latencies.percentile(1));
        assertEquals(7.5, new Latencies(List.of(Duration.ofNanos(7_500_000))).percentile(0.99));
    }

    @Test
    void ofTwoMeasurementsTheMedianIsTheLowerOne() {
        assertEquals(1, new Latencies(List.of(Duration.ofMillis(9), Duration.ofMillis(1))).median());
    }

    @Test
    void nothingMeasuredAndSharesThatAreNoneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Latencies(List.of()));
        var one = new Latencies(List.of(Duration.ofMillis(1)));
        assertThrows(IllegalArgumentException.class, () -> one.percentile(0));
        assertThrows(IllegalArgumentException.class, () -> one.percentile(99));
    }

    @Test
    void memoryIsReadInMillionsOfBytes() {
        var status = List.of("Name:\tjava", "VmHWM:\t  200000 kB", "VmRSS:\t  100000 kB", "RssAnon:\t   70000 kB");

        assertEquals(102.4, ProcessMemory.of("VmRSS", status));
        assertEquals(204.8, ProcessMemory.of("VmHWM", status));
        assertThrows(IllegalStateException.class, () -> ProcessMemory.of("VmRSS", List.of("Name:\tjava")));
    }

    @Test
    void theHighestMemoryIsNoLessThanWhatThereIsNowAndBeginsAnewWhenItIsForgotten() {
        var memory = new ProcessMemory(ProcessHandle.current().pid());

        memory.forgetHighest();

        assertTrue(memory.highest() > 1, "a JVM needs more than a megabyte");
        assertTrue(memory.resident() > 1, "a JVM needs more than a megabyte");
    }

    @Test
    void aCallIsToldToTheTimerInOneLineAndItsOutcomeReadFromOne() {
        var job = new ExecTimer.Job(Path.of("/p"), Path.of("/in"), Path.of("/out"), Map.of("CNI_COMMAND", "ADD"));

        assertEquals("/p\t/in\t/out\tCNI_COMMAND=ADD\n", job.line());
        var outcome = ExecTimer.outcome("130\t2000000\t1500000000000000000");
        assertEquals(new ExecTimer.Outcome(130, Duration.ofMillis(2), Instant.ofEpochSecond(1_500_000_000)), outcome);
        assertEquals(Instant.ofEpochSecond(1_500_000_000).plusMillis(2), outcome.ended());
    }

    @Test
    void bothContendersAreToldTheSameOfAPodAndOursWhereItsExecutorIs(@TempDir Path folder) throws Exception {
        var pod = new Pod("shop", "web-1", UUID.randomUUID(), "sandbox-1", "node-1", "lw-x-pod-1");
        var ours = Contender.ledgerway(Path.of("/cni/ledgerway-cni"), Path.of("/run/cni.sock"), folder);
        var peer = Contender.ptp(Path.of("/usr/lib/cni"), "lw-x-peer", folder);

        var mine = ours.job("ADD", pod, folder.resolve("mine"));
        var theirs = peer.job("ADD", pod, folder.resolve("theirs"));

        assertEquals("/run/cni.sock", mine.environment().get("LEDGERWAY_CNI_SOCKET"));
        for (var same : List.of("CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_ARGS", "PATH")) {
            assertEquals(mine.environment().get(same), theirs.environment().get(same), same);
        }
        assertEquals(Path.of("/usr/lib/cni/ptp"), theirs.program());
        assertEquals(Optional.of("lw-x-peer"), peer.namespace());
        assertTrue(Files.readString(theirs.input()).contains("\"host-local\""));
        assertTrue(Files.readString(mine.input()).contains("\"ledgerway-cni\""));
    }

    @Test
    void moreCallsThanTheTimerTakesAtOnceAreRefused() {
        var job = new ExecTimer.Job(Path.of("/p"), Path.of("/in"), Path.of("/out"), Map.of());
        var timer = new ExecTimer(Path.of("/nowhere/exec-timer"));

        assertThrows(
                IllegalArgumentException.class,
                () -> timer.run(Collections.nCopies(ExecTimer.MOST_JOBS + 1, job), 1, Optional.empty()));
    }

    @Test
    void aPartIsNamedAsItIsTypedAndNothingElseIsOne() {
        var names = new AddBenchCommand.PartNames();

        assertEquals(AddBench.Part.CALLS, names.convert("calls"));
        var refused = assertThrows(picocli.CommandLine.TypeConversionException.class, () -> names.convert("kafka"));
        assertTrue(refused.getMessage().contains("log, calls or executor"), refused.getMessage());
        assertEquals(OutageBench.Part.DRAINS, new OutageBenchCommand.PartNames().convert("drains"));
    }

    @Test
    void aQuietNodeHasNoPodAndNothingUnderWay() {
        assertTrue(new BenchNode.Levels(160, 160, 0, 0).quiet());
        for (var busy : List.of(
                new BenchNode.Levels(159, 160, 0, 0),
                new BenchNode.Levels(160, 160, 1, 0),
                new BenchNode.Levels(160, 160, 0, 1))) {
            assertTrue(!busy.quiet(), busy.toString());
        }
    }
}
