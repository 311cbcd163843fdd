package io.ledgerway.simulation.seeded;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ledgerway.simulation.seeded.world.Bug;
import io.ledgerway.simulation.seeded.world.Fault;
import io.ledgerway.simulation.seeded.world.Scenario;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./ledgerway simulate`: many seeds, and of one that fails the shortest run that still does.
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Runs seeds of a simulated cluster under faults and checks the rules of the node protocol.")
public final class SimulateCommand implements Callable<Integer> {

    private static final int STEPS = 2_000;
    private static final int SEEDS = 100;
    private static final int LAST_LINES = 60;
    private static final int MOST_FAILURES = 5;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seeds", description = "how many seeds (default " + SEEDS + ", and one with --faults)")
    private Integer seeds;

    @Option(names = "--seed", defaultValue = "1", description = "the first one (default ${DEFAULT-VALUE})")
    private long first;

    @Option(names = "--steps", description = "steps with faults before everything heals (default " + STEPS + ")")
    private int steps = STEPS;

    @Option(names = "--drawn-for", description = "draw the faults as for so many steps (default those of --steps)")
    private Integer drawnFor;

    @Option(
            names = "--faults",
            description = "strike only these of the faults that the one seed draws, by their numbers",
            split = ",")
    private List<Integer> kept;

    @Option(names = "--plant", description = "plant this bug: ${COMPLETION-CANDIDATES}")
    private Bug bug;

    @Option(names = "--threads", defaultValue = "1", description = "seeds at once (default ${DEFAULT-VALUE})")
    private int threads;

    @Option(names = "--trace", description = "tell the whole history of the first seed")
    private boolean trace;

    @Option(names = "--json", description = "write what is printed to this file as well")
    private Path json;

    private Quiet quiet;
    private final Coverage coverage = new Coverage();
    private final List<Simulation.Outcome> failures = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireFaultsOfOneSeed();
        quiet = Quiet.begin();
        if (trace) {
            return tell();
        }
        long began = System.nanoTime();
        var next = new AtomicLong(first);
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().name("seeds-" + i).start(() -> work(next)));
        }
        for (var worker : workers) {
            worker.join();
        }
        double took = (System.nanoTime() - began) / 1e9;
        report(System.out, took);
        failures.forEach(failure -> explain(System.out, failure));
        if (json != null) {
            write(took);
        }
        return failures.isEmpty() ? 0 : 1;
    }

    private int seeds() {
        return seeds != null ? seeds : kept == null ? SEEDS : 1;
    }

    /// Each seed draws faults of its own, so that their numbers say something of one only.
    private void requireFaultsOfOneSeed() {
        if (kept == null) {
            return;
        }
        if (seeds() != 1 && !trace) {
            throw new ParameterException(
                    spec.commandLine(), "--faults are numbers of the faults of one seed: not with --seeds " + seeds);
        }
        int drawn = drawn(first).faults().size();
        for (int number : kept) {
            if (number >= drawn) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--faults: seed " + first + " draws " + drawn + " faults, numbered from 0, and none is "
                                + number);
            }
        }
    }

    private void work(AtomicLong next) {
        for (long seed = next.getAndIncrement(); seed < first + seeds(); seed = next.getAndIncrement()) {
            var outcome = run(seed, false);
            coverage.add(outcome);
            synchronized (failures) {
                if (outcome.violation().isPresent()) {
                    failures.add(outcome);
                }
                if (failures.size() >= MOST_FAILURES) {
                    return;
                }
            }
        }
    }

    private Simulation.Outcome run(long seed, boolean traces) {
        var drawn = drawn(seed);
        var scenario = kept == null ? drawn : drawn.with(only(drawn.faults()));
        return Simulation.run(seed, steps, scenario, bugs(), traces);
    }

    private Scenario drawn(long seed) {
        return Simulation.scenario(seed, drawnFor == null ? steps : drawnFor);
    }

    private List<Fault> only(List<Fault> drawn) {
        return kept.stream().filter(i -> i >= 0).map(drawn::get).toList();
    }

    private Set<Bug> bugs() {
        return bug == null ? EnumSet.noneOf(Bug.class) : EnumSet.of(bug);
    }

    private int tell() {
        var outcome = run(first, true);
        outcome.trace().forEach(System.out::println);
        System.out.println(outcome.violation().orElse("nothing was broken") + "\nhistory "
                + Long.toHexString(outcome.hash()) + ", " + outcome.steps() + " steps");
        return outcome.violation().isPresent() ? 1 : 0;
    }

    private void report(PrintStream out, double took) {
        out.printf(
                "%d seeds, %d steps in %.1f s on %d threads: %.0f seeds a second, %.0f steps a second and thread, that"
                        + " is %.0f seeds of 300 steps%n",
                coverage.seeds(),
                coverage.steps(),
                took,
                threads,
                coverage.seeds() / took,
                coverage.steps() / took / threads,
                coverage.steps() / took / threads / 300);
        out.println("faults: " + coverage.faults());
        coverage.rules().forEach(line -> out.printf("%12d  rule %2d: %s%n", line.met(), line.number(), line.promise()));
        coverage.missing().forEach(what -> out.println("NEVER MET: " + what));
    }

    private void explain(PrintStream out, Simulation.Outcome failure) {
        var drawn = drawn(failure.seed());
        var scenario = kept == null ? drawn : drawn.with(only(drawn.faults()));
        var shortest = Shrinking.shrink(failure, steps, scenario, bugs());
        var numbers = shortest.faults().stream()
                .map(fault -> String.valueOf(drawn.faults().indexOf(fault)))
                .toList();
        var again = Simulation.run(failure.seed(), shortest.steps(), drawn.with(shortest.faults()), bugs(), true);
        out.printf(
                "%nSEED %d FAILS at step %d: %s%n",
                failure.seed(), failure.brokenAt(), failure.violation().get());
        out.printf(
                "shortest: %d steps, faults %s: %s%n",
                shortest.steps(), shortest.faults(), again.violation().orElse("(not any more)"));
        out.println("the last steps:");
        var lines = again.trace();
        lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()).forEach(line -> out.println("  " + line));
        out.printf(
                "replay: ./ledgerway simulate --seed %d --steps %d --drawn-for %d --faults=%s%s --trace%n",
                failure.seed(),
                shortest.steps(),
                drawnFor == null ? steps : drawnFor,
                numbers.isEmpty() ? "-1" : String.join(",", numbers),
                bug == null ? "" : " --plant " + bug);
    }

    private void write(double took) throws IOException {
        var rules = new ArrayList<Object>();
        for (var line : coverage.rules()) {
            var rule = new TreeMap<String, Object>();
            rule.put("rule", line.number());
            rule.put("promise", line.promise());
            rule.put("met", line.met());
            rules.add(rule);
        }
        var faults = new TreeMap<String, Object>();
        coverage.faults().forEach((kind, count) -> faults.put(kind.name(), count));
        var all = new TreeMap<String, Object>();
        all.put("seeds", coverage.seeds());
        all.put("firstSeed", first);
        all.put("stepsPerSeed", steps);
        all.put("steps", coverage.steps());
        all.put("seconds", took);
        all.put("threads", threads);
        all.put("rules", rules);
        all.put("faults", faults);
        all.put("neverMet", coverage.missing());
        all.put(
                "failures",
                failures.stream()
                        .map(failure ->
                                failure.seed() + ": " + failure.violation().orElseThrow())
                        .toList());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), all);
    }
}
