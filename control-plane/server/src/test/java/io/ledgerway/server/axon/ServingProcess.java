package io.ledgerway.server.axon;

import io.ledgerway.server.kafka.LogSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A process of its own that serves a log, so that a test can kill it: what it has not said by then stays unsaid.
final class ServingProcess implements AutoCloseable {

    private static final Duration TO_SERVE = Duration.ofSeconds(60);
    private static final String READY = "ready";

    private final Process process;

    private ServingProcess(Process process) {
        this.process = process;
    }

    /// Returns when every partition is served there.
    static ServingProcess start(LogSettings log, int partitions) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServingProcess.class.getName(),
                        log.bootstrap(),
                        log.topic(),
                        Integer.toString(partitions))
                .redirectErrorStream(true)
                .start();
        var lines = process.inputReader().lines().iterator();
        while (lines.hasNext()) {
            if (lines.next().equals(READY)) {
                Thread.ofVirtual().start(() -> lines.forEachRemaining(line -> {}));
                return new ServingProcess(process);
            }
        }
        throw new IllegalStateException("a process that was to serve " + log.topic() + " ended first");
    }

    public static void main(String[] arguments) throws InterruptedException {
        var settings = LogSettings.at(arguments[0]).withTopic(arguments[1]);
        var partitions = Partitions.start(Ledger.configuration(settings, Integer.parseInt(arguments[2])));
        partitions.awaitReady(TO_SERVE);
        System.out.println(READY);
        Thread.currentThread().join();
    }

    /// SIGKILL.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
