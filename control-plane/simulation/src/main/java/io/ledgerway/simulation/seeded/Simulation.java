package io.ledgerway.simulation.seeded;

import io.ledgerway.simulation.seeded.rule.Rule;
import io.ledgerway.simulation.seeded.rule.Rules;
import io.ledgerway.simulation.seeded.world.Bug;
import io.ledgerway.simulation.seeded.world.Fault;
import io.ledgerway.simulation.seeded.world.Scenario;
import io.ledgerway.simulation.seeded.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// One seed: what it draws, run with faults for a number of steps, then healed.
public final class Simulation {

    /// Everything has to be well within this after the last fault. What a late call of the cloud could
    /// still take away is left alone for a quarter of an hour and a little more, and a pod that needs just
    /// that address waits.
    static final Duration LONGEST_HEALING = Duration.ofMinutes(45);

    /// What was put off by a clock that was an hour ahead is put off for that hour.
    static final Duration CLOCKS_WRONG_BY = Duration.ofHours(1);

    static final Duration LOOK = Duration.ofSeconds(1);

    /// No healing takes so many; one that does goes round in circles.
    static final int MOST_HEALING_STEPS = 200_000;

    private Simulation() {}

    /// @param rule the number of the rule that was broken; 0 if none was, or it was none of the protocol's
    /// @param promise which promise was broken, in short
    /// @param violation how it was broken, if any was
    /// @param brokenAt the step that broke it
    public record Outcome(
            long seed,
            long steps,
            long hash,
            int rule,
            String promise,
            Optional<String> violation,
            long brokenAt,
            List<Rule> rules,
            Map<Fault.Kind, Integer> struck,
            List<String> trace) {}

    static Scenario scenario(long seed, int steps) {
        return Scenario.draw(new SplittableRandom(seed ^ 0x5EED), steps);
    }

    static Outcome run(long seed, int steps, Scenario scenario, Set<Bug> bugs, boolean traces) {
        var rules = Rules.all();
        var world = new World(seed, scenario, rules, bugs, traces);
        while (world.steps() < steps && world.broken().isEmpty() && world.step()) {
            // The next step.
        }
        Optional<String> unhealed = world.broken().isPresent() ? Optional.empty() : heal(world);
        if (world.broken().isEmpty() && unhealed.isEmpty()) {
            world.end();
        }
        var violation = world.broken()
                .map(broken -> broken.rule() == null
                        ? broken.how()
                        : "rule " + broken.rule().number() + " ("
                                + broken.rule().promise() + "): " + broken.how())
                .or(() -> unhealed.map(lack -> "not healed after " + longestHealing(world) + ": " + lack));
        return new Outcome(
                seed,
                world.scheduler().steps(),
                world.scheduler().hash(),
                world.broken()
                        .filter(broken -> broken.rule() != null)
                        .map(broken -> broken.rule().number())
                        .orElse(0),
                world.broken()
                        .map(broken -> broken.rule() == null
                                ? "no thread ends"
                                : broken.rule().promise())
                        .orElse("everything heals"),
                violation,
                world.broken().map(World.Broken::step).orElse(world.steps()),
                rules,
                world.struck(),
                world.traced());
    }

    private static Duration longestHealing(World world) {
        return world.struck().containsKey(Fault.Kind.CLOCK_JUMPED)
                ? LONGEST_HEALING.plus(CLOCKS_WRONG_BY)
                : LONGEST_HEALING;
    }

    private static Optional<String> heal(World world) {
        world.heal();
        long end = world.scheduler().now() + longestHealing(world).toNanos();
        long mostSteps = world.scheduler().steps() + MOST_HEALING_STEPS;
        Optional<String> lack = Optional.of("nothing has happened");
        while (lack.isPresent()
                && world.broken().isEmpty()
                && world.scheduler().now() < end
                && world.scheduler().steps() < mostSteps) {
            long look = world.scheduler().now() + LOOK.toNanos();
            while (world.scheduler().now() < look && world.broken().isEmpty() && world.step()) {
                // The next step.
            }
            lack = world.unhealed();
        }
        return lack;
    }
}
