package io.ledgerway.simulation.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.simulation.demo.Called;
import io.ledgerway.simulation.demo.CniPlugin;
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

    private static final ObjectMapper JSON = new ObjectMapper();

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

    /// ADD and DEL of one pod after the other, as whoever made them wrote them down.
    List<Called> cycle(Contender contender, List<Pod> pods) {
        var jobs = new ArrayList<ExecTimer.Job>();
        for (var pod : pods) {
            for (var verb : Called.Verb.values()) {
                jobs.add(contender.job(verb.name(), pod, contender.input(), answer(verb.name(), pod)));
            }
        }
        var outcomes = timer.run(jobs, 1, contender.namespace());
        var made = new ArrayList<Called>();
        for (int index = 0; index < outcomes.size(); index++) {
            var pod = pods.get(index / Called.Verb.values().length);
            if (outcomes.get(index).status() != 0) {
                throw new IllegalStateException("call %d of %d, ADD and DEL in turns, ended with status %d; %s was %s"
                        .formatted(
                                index + 1,
                                outcomes.size(),
                                outcomes.get(index).status(),
                                pod,
                                read(jobs.get(index).output()).strip()));
            }
            made.add(called(Called.Verb.values()[index % Called.Verb.values().length], pod, outcomes.get(index)));
        }
        return made;
    }

    /// ADD of a pod that stays.
    Called addOne(Contender contender, Pod pod) {
        var outcome = outcomes("ADD", contender, List.of(pod), 1, each -> contender.input());
        return called(Called.Verb.ADD, pod, outcome.getFirst());
    }

    private Called called(Called.Verb verb, Pod pod, ExecTimer.Outcome outcome) {
        return new Called(verb, pod, address(pod), outcome.began(), outcome.ended());
    }

    private String address(Pod pod) {
        try {
            return CniPlugin.address(JSON.readTree(added(pod)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ADD of " + pod + " answered with what is no JSON", e);
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
        return outcomes(verb, contender, pods, parallel, input).stream()
                .map(ExecTimer.Outcome::took)
                .toList();
    }

    private List<ExecTimer.Outcome> outcomes(
            String verb, Contender contender, List<Pod> pods, int parallel, Function<Pod, Path> input) {
        var jobs = pods.stream()
                .map(pod -> contender.job(verb, pod, input.apply(pod), answer(verb, pod)))
                .toList();
        var outcomes = timer.run(jobs, parallel, contender.namespace());
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
        }
        return outcomes;
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
