package io.ledgerway.simulation.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {

    private static final List<String> SLEEPER = List.of("sleep", "1000");

    @TempDir
    private Path folder;

    private Processes processes;

    @BeforeEach
    void prepare() {
        processes = new Processes(folder.resolve("run"), folder.resolve("logs"));
    }

    @AfterEach
    void endAll() {
        processes.close();
    }

    @Test
    void aStartedProcessIsWrittenDownAndAKilledOneIsNot() throws IOException {
        var running = processes.start("a", SLEEPER, Map.of());
        var record = folder.resolve("run/a.process");
        assertTrue(Files.readString(record).startsWith(running.handle().pid() + " "));

        processes.kill(running);

        assertFalse(running.handle().isAlive());
        assertFalse(Files.exists(record));
    }

    @Test
    void aPausedProcessStandsStillUntilItIsResumed() throws IOException {
        var running = processes.start("a", SLEEPER, Map.of());

        processes.pause(running);
        assertTrue(Processes.await(() -> state(running) == 'T', Duration.ofSeconds(5)));

        processes.resume(running);
        assertTrue(Processes.await(() -> state(running) == 'S', Duration.ofSeconds(5)));
    }

    /// As the kernel letters it: sleeping, stopped and so on.
    private static char state(Processes.Running running) {
        try {
            var stat = Files.readString(
                    Path.of("/proc", Long.toString(running.handle().pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aLeftoverOfAKilledDemoIsEndedByTheNext() {
        var leftover = processes.start("a", SLEEPER, Map.of());
        processes.keep();

        var next = processes.start("a", SLEEPER, Map.of());

        assertFalse(leftover.handle().isAlive());
        assertTrue(next.handle().isAlive());
    }

    @Test
    void theLogOfAnEarlierDemoIsPutAsideAndARestartGoesOnInTheSame() throws IOException {
        Files.writeString(folder.resolve("logs/a.log"), "ready, long ago\n");
        var talker = List.of("sh", "-c", "echo ready; exec sleep 1000");
        var log = folder.resolve("logs/a.log");

        var first = processes.start("a", talker, Map.of());
        Processes.await(() -> lines(log) == 1, Duration.ofSeconds(20));
        processes.kill(first);
        processes.start("a", talker, Map.of());

        assertTrue(Processes.await(() -> lines(log) == 2, Duration.ofSeconds(20)));
        assertEquals("ready, long ago\n", Files.readString(folder.resolve("logs/a.log.1")));
    }

    private static int lines(Path log) {
        try {
            return Files.readAllLines(log).size();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aProcessThatHasTheIdOfALeftoverByNowIsNotTouched() throws IOException {
        var innocent = processes.start("innocent", SLEEPER, Map.of());
        Files.writeString(folder.resolve("run/a.process"), innocent.handle().pid() + " 1 1\n");

        processes.start("a", SLEEPER, Map.of());

        assertTrue(innocent.handle().isAlive());
    }

    @Test
    void aProcessThatEndsInsteadOfServingShowsItsLog() {
        var running = processes.start("a", List.of("sh", "-c", "echo no port left; exit 3"), Map.of());

        var failed = assertThrows(
                IllegalStateException.class, () -> processes.awaitReady(running, () -> false, Duration.ofSeconds(20)));

        assertTrue(failed.getMessage().contains("ended while starting"), failed.getMessage());
        assertTrue(failed.getMessage().contains("no port left"), failed.getMessage());
    }

    @Test
    void closingStopsWhatRuns() {
        var one = processes.start("a", SLEEPER, Map.of());
        var other = processes.start("b", SLEEPER, Map.of());

        processes.close();

        assertEquals(
                List.of(false, false),
                List.of(one.handle().isAlive(), other.handle().isAlive()));
    }
}
