package io.ledgerway.simulation.seeded;

import java.util.logging.Level;
import java.util.logging.Logger;

/// What the parts say while they are tormented interests nobody.
final class Quiet {

    private final Logger ours = Logger.getLogger("io.ledgerway");

    private Quiet() {}

    /// Lasts as long as somebody keeps it.
    static Quiet begin() {
        // Another one that is on the class path would say the errors.
        System.setProperty("org.jboss.logging.provider", "jdk");
        var quiet = new Quiet();
        quiet.ours.setLevel(Level.OFF);
        return quiet;
    }
}
