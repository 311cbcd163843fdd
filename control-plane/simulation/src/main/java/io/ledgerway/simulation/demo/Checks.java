package io.ledgerway.simulation.demo;

import java.util.ArrayList;
import java.util.List;

/// What the demo claims, and whether it held.
public final class Checks {

    private final List<Check> checks = new ArrayList<>();

    /// @param detail what was seen, as a sentence for people
    public record Check(String name, boolean held, String detail) {}

    public synchronized void add(String name, boolean held, String detail) {
        checks.add(new Check(name, held, detail));
    }

    /// Both sides must be equal; what differs is told.
    public void equal(String name, Differences differences, String detail) {
        add(name, differences.isEmpty(), differences.isEmpty() ? detail : differences.toString());
    }

    public synchronized List<Check> all() {
        return List.copyOf(checks);
    }

    /// Whether anything was claimed, and all of it held.
    public synchronized boolean held() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::held);
    }
}
