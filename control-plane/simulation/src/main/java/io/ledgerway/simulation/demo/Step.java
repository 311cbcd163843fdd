package io.ledgerway.simulation.demo;

/// One thing that the demo shows. It adds a check for each of its claims, and throws only if it cannot go on.
public interface Step {

    String title();

    void run(Scene scene);
}
