package io.ledgerway.simulation.seeded;

import io.ledgerway.simulation.seeded.rule.Rule;
import io.ledgerway.simulation.seeded.world.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What many seeds have met: a rule whose situation never occurred was not tested, and a fault that never
/// struck neither.
final class Coverage {

    /// One rule, and how often its situation occurred.
    record Line(int number, String promise, long met) {}

    private final Map<String, Line> rules = new TreeMap<>();
    private final Map<Fault.Kind, Long> faults = new EnumMap<>(Fault.Kind.class);
    private long seeds;
    private long steps;

    synchronized void add(Simulation.Outcome outcome) {
        seeds++;
        steps += outcome.steps();
        for (var rule : outcome.rules()) {
            rules.merge(
                    "%02d %s".formatted(rule.number(), rule.promise()),
                    line(rule),
                    (a, b) -> new Line(a.number(), a.promise(), a.met() + b.met()));
        }
        outcome.struck().forEach((kind, count) -> faults.merge(kind, (long) count, Long::sum));
    }

    private static Line line(Rule rule) {
        return new Line(rule.number(), rule.promise(), rule.met());
    }

    synchronized long seeds() {
        return seeds;
    }

    synchronized long steps() {
        return steps;
    }

    synchronized List<Line> rules() {
        return List.copyOf(rules.values());
    }

    synchronized Map<Fault.Kind, Long> faults() {
        return new EnumMap<>(faults);
    }

    /// What never happened.
    synchronized List<String> missing() {
        var missing = new ArrayList<String>();
        rules.values().stream()
                .filter(line -> line.met() == 0)
                .forEach(line -> missing.add("rule " + line.number() + ", " + line.promise()));
        for (var kind : Fault.Kind.values()) {
            if (!faults.containsKey(kind)) {
                missing.add("fault " + kind);
            }
        }
        return missing;
    }
}
