package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.vpc.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Times plugins from exec to exit by a small C program: a JVM that starts processes would be measured with them.
final class ExecTimer {

    /// As many as one run of the program takes.
    static final int MOST_JOBS = 4096;

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Path program;

    ExecTimer(Path program) {
        this.program = program;
        // One whose JVM is told to stop would go on calling plugins that have nobody to answer them.
        Runtime.getRuntime().addShutdownHook(new Thread(this::killRunning, "stop-exec-timer"));
    }

    /// One call of a plugin.
    ///
    /// @param environment all of it
    record Job(Path program, Path input, Path output, Map<String, String> environment) {

        String line() {
            var fields = new ArrayList<String>();
            fields.add(program.toString());
            fields.add(input.toString());
            fields.add(output.toString());
            environment.forEach((name, value) -> fields.add(name + "=" + value));
            return String.join("\t", fields) + "\n";
        }
    }

    /// @param began by the wall clock, for comparing with what others wrote down
    record Outcome(int status, Duration took, Instant began) {

        Instant ended() {
            return began.plus(took);
        }
    }

    /// Outcomes in the order of the jobs.
    ///
    /// @param namespace the network namespace in which the plugins run, ours if there is none
    List<Outcome> run(List<Job> jobs, int parallel, Optional<String> namespace) {
        if (jobs.size() > MOST_JOBS) {
            throw new IllegalArgumentException(
                    "at most " + MOST_JOBS + " jobs can be timed at once, not " + jobs.size());
        }
        var input = new StringBuilder();
        jobs.forEach(job -> input.append(job.line()));
        var command = List.of(program.toString(), Integer.toString(parallel));
        var whole = namespace.map(name -> Shell.entering(name, command)).orElse(command);
        var outcomes = Shell.run(input.toString(), whole, LIMIT)
                .orThrow()
                .lines()
                .map(ExecTimer::outcome)
                .toList();
        if (outcomes.size() != jobs.size()) {
            throw new IllegalStateException(
                    program + " told of " + outcomes.size() + " calls, but was given " + jobs.size());
        }
        return outcomes;
    }

    static Outcome outcome(String line) {
        var fields = line.split("\t");
        return new Outcome(
                Integer.parseInt(fields[0]),
                Duration.ofNanos(Long.parseLong(fields[1])),
                Instant.EPOCH.plusNanos(Long.parseLong(fields[2])));
    }

    private void killRunning() {
        ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().equals(Optional.of(program.toString())))
                .forEach(ProcessHandle::destroyForcibly);
    }
}
