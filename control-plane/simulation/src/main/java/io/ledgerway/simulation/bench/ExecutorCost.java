package io.ledgerway.simulation.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.simulation.demo.CniPlugin;
import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.demo.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the executor's process needs: from exec to serving, and its memory when serving, with pods, and after many
/// calls through the plugin.
final class ExecutorCost {

    static final int PODS = 40;

    private static final double MILLISECONDS_PER_SECOND = 1000;
    private static final int PARALLEL = 20;

    private final BenchNode node;
    private final PluginCalls calls;
    private final Contender ours;
    private final Slots slots;
    private final Path folder;
    private final Progress progress;

    ExecutorCost(BenchNode node, PluginCalls calls, Contender ours, Slots slots, Path folder, Progress progress) {
        this.node = node;
        this.calls = calls;
        this.ours = ours;
        this.slots = slots;
        this.folder = folder;
        this.progress = progress;
    }

    List<BenchFigure> measure(int starts, int callsInAll) {
        progress.step("starting the executor anew");
        var took = new ArrayList<Duration>();
        for (int start = 1; start <= starts; start++) {
            took.add(node.restartExecutor());
            progress.at(start, starts);
        }
        var seconds = new Latencies(took).median() / MILLISECONDS_PER_SECOND;
        node.awaitQuiet();
        var figures = new ArrayList<BenchFigure>();
        figures.add(BenchFigure.lowerIsBetter("executor, from exec to serving", "s", seconds)
                .aimAtValue(AddBench.AIM_START_SECONDS));
        figures.add(memory("when serving"));
        var pods = slots.newPods(PODS);
        calls.add(ours, pods, 1);
        figures.add(memory("with " + PODS + " pods"));
        pods = exercise(pods, callsInAll);
        figures.add(memory("after %,d more calls".formatted(callsInAll)).aimAtValue(AddBench.AIM_MEGABYTES));
        calls.delete(ours, pods, PARALLEL);
        return figures;
    }

    /// Half of the calls are repeated ADDs one at a time, four tenths are CHECKs many at a time, and in the last tenth
    /// every pod is deleted and a new one added in its place, again and again.
    private List<Pod> exercise(List<Pod> pods, int callsInAll) {
        progress.step("calling the executor");
        int passes = callsInAll / PODS;
        int done = 0;
        for (int pass = 0; pass < passes / 2; pass++) {
            calls.add(ours, pods, 1);
            progress.at(done += PODS, callsInAll);
        }
        var inputs = checkInputs(pods);
        for (int pass = 0; pass < passes * 2 / 5; pass++) {
            calls.check(ours, pods, PARALLEL, inputs::get);
            progress.at(done += PODS, callsInAll);
        }
        var present = pods;
        while (done < callsInAll) {
            calls.delete(ours, present, PARALLEL);
            node.awaitRoom(PODS);
            present = slots.newPods(PODS);
            calls.add(ours, present, PARALLEL);
            progress.at(done += 2 * PODS, callsInAll);
        }
        return present;
    }

    /// For CHECK a runtime adds what ADD answered to the network's configuration.
    private Map<Pod, Path> checkInputs(List<Pod> pods) {
        var json = new ObjectMapper();
        var inputs = new LinkedHashMap<Pod, Path>();
        for (var pod : pods) {
            try {
                var configuration = CniPlugin.configuration().set("prevResult", json.readTree(calls.added(pod)));
                inputs.put(
                        pod, Contender.written(folder.resolve(pod.netns() + ".check.json"), configuration.toString()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("ADD of " + pod + " answered with what is no JSON", e);
            }
        }
        return inputs;
    }

    private BenchFigure memory(String when) {
        return BenchFigure.lowerIsBetter(
                "executor, memory " + when, "MB", new ProcessMemory(node.executorPid()).resident());
    }
}
