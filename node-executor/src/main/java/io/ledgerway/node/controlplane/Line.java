package io.ledgerway.node.controlplane;

import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.time.Surroundings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Which way a call goes: it asks the log, or writes the journal. The log is asked only while it has all of the
/// journal, so whatever is in the journal comes before whatever is asked next (rules 14 to 16), and only while the
/// journal has moved on since the last command that had no answer: what comes late is told by that (rule 15).
///
/// Transitions: Starting -> Connected (registered), Away (the first attempt failed, or took too long) or NotAccepted;
/// Connected -> Away (one call had no answer); Away -> Connected (a probe was answered); any -> NotAccepted (the log
/// knows the node as another instance) -> Connected (it is accepted again).
public final class Line {

    private static final Logger LOG = System.getLogger(Line.class.getName());

    /// How long calls of a starting executor wait for its first attempt to reach the log.
    static final Duration LONGEST_START = Duration.ofSeconds(2);

    /// How many entries one drain carries; as few as that are the last batch, which calls wait for.
    public static final int LARGEST_BATCH = 256;

    /// How long a call waits for the last batch: a log that is silent then is away for it.
    static final Duration LONGEST_HOLD = Duration.ofMillis(250);

    private sealed interface State {}

    private record Starting(long sinceNanos) implements State {}

    /// @param journal the one that the log has registered
    private record Connected(String run, JournalId journal) implements State {}

    private record Away(Instant since, long sinceNanos, String why) implements State {}

    private record NotAccepted(Rejection rejection) implements State {}

    public sealed interface Way {}

    /// The log has all of the journal, which ends there.
    ///
    /// @param run as which the executor has registered
    public record Ask(JournalMark end, String run) implements Way {

        /// What a command on this way carries.
        public JournalMark mark() {
            return end.sentBy(run);
        }
    }

    public record GoAlone(String why) implements Way {}

    /// The log does not take orders of this node.
    public record Stop(Rejection rejection) implements Way {}

    /// Neither may be done now.
    public record Wait(String why) implements Way {}

    private final Journal journal;
    private final Surroundings surroundings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private State state;

    /// Where the journal was when a command was sent that may still come late.
    private Optional<JournalMark> mayComeLate = Optional.empty();

    public Line(Journal journal, Surroundings surroundings) {
        this.journal = journal;
        this.surroundings = surroundings;
        this.state = new Starting(surroundings.nanoTime());
    }

    /// Told whenever it changes, on the thread that brings the change: be brief.
    public void follow(Runnable follower) {
        followers.add(follower);
    }

    /// The way of a call that begins now. It waits where a moment decides: for the last batch of a drain, for the first
    /// attempt of a start, for the comparison after a lost disk.
    ///
    /// @param bindsAddress whether an address may come of it, which needs the node's past to be known
    public Way way(boolean bindsAddress, Duration atMost) throws InterruptedException {
        long begun = surroundings.nanoTime();
        lock.lockInterruptibly();
        try {
            while (true) {
                long waited = surroundings.nanoTime() - begun;
                var way = way(bindsAddress, waited, waited >= atMost.toNanos());
                if (way.isPresent()) {
                    return way.get();
                }
                surroundings.await(lock, changed, LONGEST_HOLD.toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<Way> way(boolean bindsAddress, long waited, boolean isLate) {
        return switch (state) {
            case Starting starting ->
                isLate || journal.isComplete() && isOver(starting)
                        ? Optional.of(alone("the log has not been reached since the start"))
                        : Optional.empty();
            case Away away -> Optional.of(alone(away.why()));
            case NotAccepted refused -> Optional.of(new Stop(refused.rejection()));
            case Connected connected -> {
                var end = journal.mark();
                int backlog = journal.backlog();
                if (bindsAddress && !journal.isComplete()) {
                    yield isLate ? Optional.of(new Wait(INCOMPLETE)) : Optional.empty();
                }
                boolean owes = owesEntry();
                // Told of the loss, the log lets rest what it takes for idle now.
                boolean isBeingBegunAnew = bindsAddress && journal.isLossy();
                boolean isUnheard = !end.journal().equals(connected.journal());
                if (backlog == 0 && !owes && !isBeingBegunAnew && !isUnheard) {
                    yield Optional.of(new Ask(end, connected.run()));
                }
                boolean isHeld = backlog <= LARGEST_BATCH && waited < LONGEST_HOLD.toNanos();
                yield isHeld && !isLate
                        ? Optional.empty()
                        : Optional.of(alone(
                                owes
                                        ? OWED
                                        : isUnheard
                                                ? UNHEARD
                                                : "the log is being told of " + backlog + " entries of the journal"));
            }
        };
    }

    private boolean isOver(Starting starting) {
        return surroundings.nanoTime() - starting.sinceNanos() >= LONGEST_START.toNanos();
    }

    private static final String OWED = "a command had no answer, and the journal cannot be written, which has to tell a"
            + " late one from the next; make room on disk";

    /// What is asked under its name before that comes late, which would count as another loss.
    private static final String UNHEARD = "the journal was begun anew, and the log has not registered it yet";

    private static final String INCOMPLETE =
            "what this node knew of its addresses was lost, and the log has not compared it with the kernel yet";

    /// The way without the log, wherever that is.
    public Way alone(String why) {
        return journal.isComplete() ? new GoAlone(why) : new Wait(INCOMPLETE + " (" + why + ")");
    }

    /// Waits until the log can be asked, for who can do nothing alone; whether it can.
    public boolean awaitLog(Duration atMost, BooleanSupplier isOver) throws InterruptedException {
        long begun = surroundings.nanoTime();
        lock.lockInterruptibly();
        try {
            while (true) {
                boolean canBeAsked = state instanceof Connected
                        && journal.isComplete()
                        && !journal.isLossy()
                        && journal.backlog() == 0
                        && !owesEntry();
                long left = atMost.toNanos() - (surroundings.nanoTime() - begun);
                if (canBeAsked || left <= 0 || state instanceof NotAccepted || isOver.getAsBoolean()) {
                    return canBeAsked;
                }
                surroundings.await(lock, changed, Math.min(left, LONGEST_HOLD.toNanos()));
            }
        } finally {
            lock.unlock();
        }
    }

    /// A command had no answer, so it may still come: before anything else is asked, the journal moves on. The call
    /// writes what became of it; where it could not, whoever drains the journal writes an entry that says nothing.
    public void unanswered(JournalMark sentAt, Unanswered failure) {
        if (failure.kind() != Unanswered.Kind.REFUSED) {
            mayComeLate(sentAt);
        }
        lost(failure);
    }

    /// What was sent at that place of the journal may still come. If the journal has moved on since, it does no harm.
    private void mayComeLate(JournalMark sentAt) {
        lock.lock();
        try {
            if (journal.mark().equals(sentAt)) {
                mayComeLate = Optional.of(sentAt);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether the journal has to move on before the log is asked anything. One that was begun anew has.
    boolean owesEntry() {
        lock.lock();
        try {
            mayComeLate = mayComeLate.filter(journal.mark()::equals);
            return mayComeLate.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /// A call had no answer. Rule 14: from here on nobody asks until a probe is answered. That somebody is there who
    /// refuses us is no outage.
    public void lost(Unanswered failure) {
        if (failure.kind() == Unanswered.Kind.REFUSED) {
            change(() -> say(failure.getMessage()));
        } else {
            lost(failure.getMessage());
        }
    }

    /// Whoever is refused meanwhile is told what is wrong now, not what was when the log went.
    private boolean say(String why) {
        if (state instanceof Away away) {
            state = new Away(away.since(), away.sinceNanos(), why);
        }
        return false;
    }

    /// The log does not take the node for one that is there: it has to register before it asks anything.
    public void notRegistered(Rejection rejection) {
        lost(rejection.message());
    }

    void lost(String why) {
        boolean isNew = change(() -> {
            boolean wasThere = state instanceof Connected || state instanceof Starting;
            if (wasThere) {
                state = new Away(surroundings.now(), surroundings.nanoTime(), why);
            } else {
                say(why);
            }
            return wasThere;
        });
        if (isNew) {
            LOG.log(Level.WARNING, "the log is away, this node goes on alone: {0}", why);
        }
    }

    /// The log has decided nothing, because it has heard more of the journal than the command knew. That is repeated at
    /// once; but if there is no more, the log knows of entries that this journal has lost.
    public void wasLate(Ask way, Rejection rejection) {
        if (journal.mark().equals(way.end())) {
            journal.hasLostEntries(rejection.message());
            journalChanged();
        }
    }

    /// The node is registered as this run: calls ask the log as soon as it has the journal.
    void found(String run) {
        var before = new State[1];
        change(() -> {
            before[0] = state;
            state = new Connected(run, journal.id());
            return true;
        });
        if (before[0] instanceof Away away) {
            LOG.log(
                    Level.INFO,
                    "the log is there again after {0} ms, away since {1}; {2} entries of the journal wait for it",
                    (surroundings.nanoTime() - away.sinceNanos()) / 1_000_000,
                    away.since(),
                    journal.backlog());
        }
    }

    void refused(Rejection rejection) {
        change(() -> {
            state = new NotAccepted(rejection);
            return true;
        });
    }

    /// The journal has more entries, or the log has, or the comparison has come to its end.
    public void journalChanged() {
        change(() -> true);
    }

    private interface Change {
        boolean make();
    }

    private boolean change(Change change) {
        boolean any;
        lock.lock();
        try {
            any = change.make();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        followers.forEach(Runnable::run);
        return any;
    }

    public boolean isConnected() {
        lock.lock();
        try {
            return state instanceof Connected;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the log is there, and the journal is the one that was registered.
    boolean isRegistered() {
        lock.lock();
        try {
            return state instanceof Connected connected && connected.journal().equals(journal.id());
        } finally {
            lock.unlock();
        }
    }

    /// Whether the log is there and has all of the journal.
    public boolean isTold() {
        return isConnected() && journal.backlog() == 0;
    }

    /// Whether the node may act without the log, if it has to.
    public boolean mayGoAlone() {
        lock.lock();
        try {
            return journal.isComplete() && !(state instanceof NotAccepted);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the log is there.
    void awaitConnected() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!(state instanceof Connected)) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is something to do for whoever registers and drains.
    void awaitWork() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (isRegistered() && journal.backlog() == 0 && !owesEntry() && !journal.isLossy()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// For an operator: nothing while the log is there and has everything.
    public Optional<String> trouble() {
        lock.lock();
        try {
            return switch (state) {
                case Starting starting -> Optional.of("the log has not been reached since the start");
                case Away away ->
                    Optional.of("alone since " + away.since() + ", " + journal.backlog()
                            + " entries of the journal wait: " + away.why());
                case NotAccepted refused -> Optional.of("the log does not accept this node: " + refused.rejection());
                case Connected connected ->
                    !journal.isComplete()
                            ? Optional.of(INCOMPLETE)
                            : owesEntry() && journal.isFailing() ? Optional.of(OWED) : Optional.empty();
            };
        } finally {
            lock.unlock();
        }
    }
}
