package io.ledgerway.simulation.probe;

import io.ledgerway.simulation.vpc.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A ping that goes on while something is broken elsewhere: a hundred packets a second, each one accounted for.
public final class ContinuousPing implements AutoCloseable {

    private static final Pattern SENT = Pattern.compile("(\\d+) packets transmitted");
    private static final Pattern ANSWERED = Pattern.compile("bytes from .*icmp_seq=(\\d+)");
    private static final Duration TO_SUM_UP = Duration.ofSeconds(10);

    private final Process process;
    private final Path transcript;
    private final String what;

    private ContinuousPing(Process process, Path transcript, String what) {
        this.process = process;
        this.transcript = transcript;
        this.what = what;
    }

    public record Result(int sent, int lost) {}

    public static ContinuousPing start(String namespace, String address) {
        var command = Shell.entering(namespace, List.of("ping", "-n", "-i", "0.01", address));
        try {
            var transcript = Files.createTempFile("ledgerway-ping-", ".txt");
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(transcript.toFile())
                    .start();
            return new ContinuousPing(process, transcript, namespace + " -> " + address);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + String.join(" ", command), e);
        }
    }

    /// Stops it as an interactive user would, so that it sums up.
    public Result stop() {
        try {
            // The shell's own: a bare Debian has no program of that name.
            Shell.run("sh", "-c", "kill -INT " + process.pid()).orThrow();
            if (!process.waitFor(TO_SUM_UP.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the ping " + what + " does not stop");
            }
            return account(Files.readString(transcript));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what the ping " + what + " says", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the ping " + what + " sums up", e);
        }
    }

    /// A packet is lost if its answer is missing. The very last one may have been on its way when the ping was
    /// stopped, so if it has no answer it counts as not sent.
    static Result account(String said) {
        var summary = SENT.matcher(said);
        if (!summary.find()) {
            throw new IllegalStateException("ping gave no summary but: " + said);
        }
        int sent = Integer.parseInt(summary.group(1));
        var answered = new BitSet();
        var answers = ANSWERED.matcher(said);
        while (answers.find()) {
            // The sequence number on the wire has 16 bits; a ping of less than ten minutes does not wrap.
            answered.set(Integer.parseInt(answers.group(1)));
        }
        int certain = answered.get(sent) ? sent : sent - 1;
        return new Result(certain, certain - answered.get(1, certain + 1).cardinality());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Files.deleteIfExists(transcript);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + transcript, e);
        }
    }
}
