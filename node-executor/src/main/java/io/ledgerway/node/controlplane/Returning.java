package io.ledgerway.node.controlplane;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Rejection;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.journal.JournalFailed;
import io.ledgerway.node.time.Backoff;
import io.ledgerway.node.time.Signal;
import io.ledgerway.node.time.Surroundings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Registers this run whenever the log is not there, which is the probe of an outage, and tells the log the journal, in
/// order and before anything else (rule 16). The same path while nothing is wrong: a confirmed withdrawal and an
/// abandoned ADD go this way too.
///
/// Each round: away -> registered -> drained; an unanswered call ends it, and the next one goes on where the log says.
public final class Returning implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Returning.class.getName());
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /// How much of a pause may be left out, so that nodes do not all come back at once.
    private static final int JITTER_PERCENT = 30;

    private final ControlPlane controlPlane;
    private final Line line;
    private final Journal journal;
    private final Alone alone;
    private final BootId boot;
    private final String version;
    private final Steps steps;
    private final Surroundings surroundings;
    private String run;
    private final Signal closed;
    private final Thread thread;
    private final Backoff backoff = new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE);
    private final Complaints complaints;

    public Returning(
            ControlPlane controlPlane,
            Line line,
            Journal journal,
            Alone alone,
            BootId boot,
            String version,
            Steps steps,
            Surroundings surroundings) {
        this.controlPlane = controlPlane;
        this.line = line;
        this.journal = journal;
        this.alone = alone;
        this.boot = boot;
        this.version = version;
        this.steps = steps;
        this.surroundings = surroundings;
        this.run = surroundings.newName();
        this.closed = new Signal(surroundings);
        this.complaints = new Complaints(LOG, closed, LONGEST_PAUSE);
        this.thread = surroundings.thread("returning", this::keep);
    }

    public void start() {
        thread.start();
    }

    private void keep() {
        try {
            while (!closed.isGiven()) {
                line.awaitWork();
                if (round()) {
                    backoff.reset();
                    complaints.areOver();
                } else {
                    closed.await(jittered(backoff.next()));
                }
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
            Thread.currentThread().interrupt();
        }
    }

    /// Whether the log is there and has everything.
    private boolean round() throws InterruptedException {
        try {
            lookAtDisk();
            return isBootWritten()
                    && (line.isRegistered() || register())
                    && isJournalBehindWhatMayComeLate()
                    && drain()
                    && goOnAfterLoss();
        } catch (Unanswered e) {
            complaints.say(e.getMessage());
            line.lost(e);
        } catch (IOException e) {
            complaints.say("the journal cannot be begun anew: " + e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the log could not be told of the journal; it is tried again", e);
        }
        return false;
    }

    /// Rule 2: the journal says that this boot has begun before the log grants anything to it. Said later, that would
    /// end what is alive. A journal that has lost entries takes none: the next one begins with this boot,
    /// and the comparison with the kernel ends what is told of the boots before.
    private boolean isBootWritten() {
        if (journal.isLossy() && !journal.hasLostItsTail()) {
            return true;
        }
        if (journal.isOfAnotherBoot()) {
            alone.booted(boot);
        }
        if (journal.isOfAnotherBoot()) {
            complaints.say("the journal cannot be told of boot " + boot
                    + ", so this node asks for nothing; make room on disk");
            return false;
        }
        return true;
    }

    /// Alone, the node is as good as its disk: whether that can be written again shows only if somebody writes.
    private void lookAtDisk() {
        if (!line.isConnected() && journal.isFailing()) {
            try {
                alone.begun();
            } catch (JournalFailed e) {
                LOG.log(Level.DEBUG, "the journal cannot be written yet: {0}", e.getMessage());
            }
        }
    }

    /// Rule 15: what comes late is refused only if the journal has moved on since it was sent.
    private boolean isJournalBehindWhatMayComeLate() {
        if (!line.owesEntry() || journal.isLossy()) {
            return true;
        }
        try {
            alone.begun();
            return true;
        } catch (JournalFailed e) {
            complaints.say("a command had no answer, and this node asks for nothing more before its journal says so: "
                    + e.getMessage());
            return false;
        }
    }

    private boolean register() throws Unanswered, IOException, InterruptedException {
        return switch (controlPlane.register(newCall(), boot, run, version)) {
            case ControlPlane.Done done -> {
                line.found(run);
                steps.reached(Steps.Step.REGISTERED);
                yield true;
            }
            case ControlPlane.Rejected rejected -> {
                complaints.say("the log does not register this node: " + rejected.rejection());
                yield goOn(rejected.rejection());
            }
        };
    }

    /// Whether the node is registered after all.
    private boolean goOn(Rejection rejection) throws Unanswered, IOException, InterruptedException {
        switch (rejection.reason()) {
            case OTHER_INCARNATION -> {
                // Its journal is history that the log still wants (rule 1).
                drain();
                line.refused(rejection);
            }
            case NODE_RETIRED -> line.refused(rejection);
            case NODE_NOT_REGISTERED -> {
                // Rule 24: taken for lost since this run registered; as another run it is no message from before that.
                run = surroundings.newName();
                line.lost("the registration was rejected: " + rejection);
            }
            case LATE_COMMAND -> {
                return registerAfterOlderDisk(rejection);
            }
            case NODE_FULL, CLOUD_REFUSES, BEING_RELEASED, NODE_IN_USE ->
                line.lost("the registration was rejected: " + rejection);
        }
        return false;
    }

    /// The log knows more of this journal, or another one after it: this disk is an older one's copy. What the log
    /// does not take of it is set aside.
    private boolean registerAfterOlderDisk(Rejection rejection) throws Unanswered, IOException, InterruptedException {
        journal.hasLostEntries(rejection.message());
        if (!drain()) {
            if (closed.isGiven()) {
                return false;
            }
            journal.setAside();
        }
        return goOnAfterLoss();
    }

    private boolean drain() throws Unanswered, InterruptedException {
        while (journal.backlog() > 0) {
            var batch = journal.waiting(Line.LARGEST_BATCH);
            if (batch.isEmpty()) {
                // Numbered and not written yet.
                if (closed.await(Duration.ofMillis(1))) {
                    return false;
                }
                continue;
            }
            steps.reached(Steps.Step.DRAIN_BATCH_TAKEN);
            var answer = controlPlane.drain(newCall(), batch);
            steps.reached(Steps.Step.DRAIN_ANSWERED);
            switch (answer) {
                case ControlPlane.Drained drained -> {
                    alone.drained(drained.through(), drained.at());
                    line.journalChanged();
                    if (drained.through() < batch.getLast().sequence()) {
                        complaints.say("the log has the journal only up to " + drained.through() + ", and was told "
                                + batch.getFirst().sequence() + " to "
                                + batch.getLast().sequence());
                        return false;
                    }
                }
                case ControlPlane.Rejected rejected -> {
                    complaints.say("the log does not take the journal: " + rejected.rejection());
                    line.lost("the journal was rejected: " + rejected.rejection());
                    return false;
                }
            }
        }
        return true;
    }

    /// What was left of a damaged journal is told; its next name says that the rest is lost.
    private boolean goOnAfterLoss() throws Unanswered, IOException, InterruptedException {
        if (!journal.isLossy()) {
            return true;
        }
        if (journal.hasLostItsTail()) {
            // From here on it takes nothing more, so that what came while the node was alone is told in whole.
            journal.hasLostEntries("its end was cut off");
            if (!drain()) {
                return false;
            }
        }
        journal.beginAnew();
        alone.begunAnew();
        return register();
    }

    private ControlPlane.Call newCall() {
        return new ControlPlane.Call(new CommandId(surroundings.newName()), surroundings.now(), journal.mark());
    }

    private Duration jittered(Duration whole) {
        int less = Math.floorMod(surroundings.newName().hashCode(), JITTER_PERCENT);
        return whole.multipliedBy(100 - less).dividedBy(100);
    }

    @Override
    public void close() {
        closed.give();
        thread.interrupt();
    }
}
