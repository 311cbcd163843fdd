package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Calls plugins for many pods and keeps what they answered. One that fails ends the benchmark: its time would be
/// that of something else.
final class PluginCalls {

    private final ExecTimer timer;
    private final Path answers;

    /// @param answers the folder for what the plugins answer, a file for each pod
    PluginCalls(ExecTimer timer, Path answers) {
        this.timer = timer;
        this.answers = answers;
    }

    List<Duration> add(Contender contender, List<Pod> pods, int parallel) {
        return call("ADD", contender, pods, parallel, pod -> contender.input());
    }

    List<Duration> delete(Contender contender, List<Pod> pods, int parallel) {
        return call("DEL", contender, pods, parallel, pod -> contender.input());
    }

    /// ADD and DEL of one pod after the other.
    void cycle(Contender contender, List<Pod> pods) {
        var jobs = new ArrayList<ExecTimer.Job>();
        for (var pod : pods) {
            for (var verb : List.of("ADD", "DEL")) {
                jobs.add(contender.job(verb, pod, contender.input(), answer(verb, pod)));
            }
        }
        var outcomes = timer.run(jobs, 1, contender.namespace());
        for (int index = 0; index < outcomes.size(); index++) {
            if (outcomes.get(index).status() != 0) {
                throw new IllegalStateException("call %d of %d, ADD and DEL in turns, ended with status %d; %s was %s"
                        .formatted(
                                index + 1,
                                outcomes.size(),
                                outcomes.get(index).status(),
                                pods.get(index / 2),
                                read(jobs.get(index).output()).strip()));
            }
        }
    }

    /// @param input the file with a pod's configuration, its result of ADD in it
    List<Duration> check(Contender contender, List<Pod> pods, int parallel, Function<Pod, Path> input) {
        return call("CHECK", contender, pods, parallel, input);
    }

    /// What the last ADD of a pod in this sandbox's namespace answered.
    String added(Pod pod) {
        return read(answer("ADD", pod));
    }

    private List<Duration> call(
            String verb, Contender contender, List<Pod> pods, int parallel, Function<Pod, Path> input) {
        var jobs = pods.stream()
                .map(pod -> contender.job(verb, pod, input.apply(pod), answer(verb, pod)))
                .toList();
        var outcomes = timer.run(jobs, parallel, contender.namespace());
        var took = new ArrayList<Duration>();
        for (int index = 0; index < outcomes.size(); index++) {
            var outcome = outcomes.get(index);
            if (outcome.status() != 0) {
                throw new IllegalStateException(
                        "%s %s of %s, call %d of %d with %d at a time, ended with status %d and answered %s"
                                .formatted(
                                        contender.name(),
                                        verb,
                                        pods.get(index),
                                        index + 1,
                                        outcomes.size(),
                                        parallel,
                                        outcome.status(),
                                        read(answer(verb, pods.get(index))).strip()));
            }
            took.add(outcome.took());
        }
        return took;
    }

    private Path answer(String verb, Pod pod) {
        return answers.resolve(pod.netns() + "." + verb);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the plugin's answer in " + file, e);
        }
    }
}
