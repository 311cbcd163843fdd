package io.ledgerway.server.axon;

import io.ledgerway.server.kafka.LogUnreachable;
import io.ledgerway.server.kafka.OwnerSigns;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Supplier;

/// Whether this process serves the log or leaves it to another one: all partitions or none, as it goes with the
/// cluster's. Without it two processes would fence each other in turn for ever.
///
/// States: serving (from the start on: who starts takes over) -> standing by, when another owner has fenced the
/// cluster's partition -> serving, when nobody has written there for a while. An owner gives a sign of life every
/// [#SIGN]; that Kafka does not answer says nothing about it.
final class Standby {

    /// How often an owner writes something, and how often whoever stands by looks for it.
    static final Duration SIGN = Duration.ofSeconds(1);

    /// So many looks in a row that show nothing new are silence. They are counted, since time goes on without
    /// looks in a process that is stopped.
    static final int LOOKS = 5;

    /// Whoever takes over writes nothing while it reads the log; it is given so many times as long as that took here.
    static final int TIMES_OF_READING = 3;

    static final String WHY = "another control plane serves the log; this one stands by until nobody has written for "
            + SIGN.multipliedBy(LOOKS);

    private static final Logger LOG = System.getLogger(Standby.class.getName());

    private final Supplier<OwnerSigns> signs;
    private final Runnable changed;
    private volatile boolean standingBy;

    /// What waits between two looks; false if there is no need to look any more.
    interface Pause {
        boolean forAbout(Duration time) throws InterruptedException;
    }

    /// @param changed told of each change; must be quick
    Standby(Supplier<OwnerSigns> signs, Runnable changed) {
        this.signs = signs;
        this.changed = changed;
    }

    boolean isStandingBy() {
        return standingBy;
    }

    /// Returns when the other owner has fallen silent, or the pause says that it does not matter any more.
    ///
    /// @param reading how long it took to take the log over last
    void whileAnotherServes(Duration reading, Pause pause) throws InterruptedException {
        change(true);
        long needed = LOOKS + reading.multipliedBy(TIMES_OF_READING).dividedBy(SIGN);
        LOG.log(Level.INFO, "{0}, or {1} looks", WHY, needed);
        try (var owner = signs.get()) {
            long before = -1;
            for (long quiet = 0; quiet < needed && pause.forAbout(SIGN); ) {
                try {
                    long now = owner.count();
                    quiet = now == before ? quiet + 1 : 0;
                    before = now;
                } catch (LogUnreachable e) {
                    quiet = 0;
                    LOG.log(Level.DEBUG, "whether another control plane serves the log is not known", e);
                }
            }
        } finally {
            change(false);
        }
    }

    private void change(boolean to) {
        standingBy = to;
        changed.run();
    }
}
