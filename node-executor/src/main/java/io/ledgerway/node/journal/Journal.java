package io.ledgerway.node.journal;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.node.journal.JournalFormat.Header;
import io.ledgerway.node.journal.JournalFormat.Knowledge;
import io.ledgerway.node.journal.JournalFormat.Sized;
import io.ledgerway.node.time.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What this node did on its own, on its disk before anybody relies on it. An entry is numbered first (under the lock
/// of whoever decides), then written and synced together with all others that wait, then it may be acted on.
///
/// Transitions of an entry: numbered -> durable -> drained (the log has it) -> dropped (the state on disk shows it), or
/// numbered -> failed: then nothing of it is left, nor of those behind it, and their numbers are given again.
public final class Journal implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Journal.class.getName());

    /// An hour of ten pods a second, with five entries each, is less.
    public static final int MOST_ENTRIES = 200_000;

    /// How many bytes the file has at most.
    public static final long LARGEST_FILE = 48L << 20;

    /// Dropping rewrites the file, which is worth it from here on, or when nothing is left in it.
    static final long WORTH_DROPPING = 64L << 10;

    private final DataFile file;
    private final BootId boot;
    private final Surroundings surroundings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    private final List<Sized> durable = new ArrayList<>();
    private final List<Ticket> numbered = new ArrayList<>();
    private Notes notes = new Notes();
    private Header header;
    private long last;
    private long lastDurable;
    private long drained;
    private long length;
    private boolean writing;
    private boolean tailUnknown;
    private boolean failing;

    /// Whether this boot is the one that the next entry would be taken for.
    private boolean bootIsSaid = true;

    /// One numbered entry on its way to the disk.
    public static final class Ticket {
        private final Journalled entry;
        private final byte[] bytes;
        private boolean durable;
        private Optional<JournalFailed> failure = Optional.empty();

        private Ticket(Journalled entry) {
            this.entry = entry;
            this.bytes = JournalFormat.entry(entry);
        }

        public Journalled entry() {
            return entry;
        }
    }

    private Journal(DataFile file, BootId boot, Surroundings surroundings, Opening opened) {
        this.file = file;
        this.boot = boot;
        this.surroundings = surroundings;
        use(opened);
    }

    /// Goes on with the journal on disk, or makes a new one where there is none that can be gone on with. What cannot
    /// be used is kept beside, and said loudly.
    ///
    /// @throws NotOurs if it is another node's, another cluster's or of a newer format
    public static Journal open(DataFile file, Incarnation owner, BootId boot, Surroundings surroundings)
            throws IOException {
        return new Journal(file, boot, surroundings, Opening.of(file, owner, boot, surroundings));
    }

    /// What a journal's file holds of whole entries; nothing if it is none of ours.
    public static List<Journalled> entriesIn(byte[] file) {
        try {
            return JournalFormat.read(file).entries().stream().map(Sized::entry).toList();
        } catch (JournalFormat.Unreadable | NotOurs e) {
            return List.of();
        }
    }

    private void use(Opening opened) {
        header = opened.header();
        durable.clear();
        durable.addAll(opened.entries());
        drained = header.base();
        lastDurable = header.base() + durable.size();
        last = lastDurable;
        notes = opened.notes();
        length = opened.length();
        bootIsSaid = header.bootAfter(durable).equals(boot);
    }

    /// Names the journal; a new name says that what an older one held beyond the log's knowledge is lost.
    public JournalId id() {
        return locked(() -> header.id());
    }

    /// Whether log and journal together know everything that the node has, so that the node may act alone. Not so in a
    /// journal that has just been begun, until the log has compared the kernel with what it knows.
    public boolean isComplete() {
        return locked(() -> header.knowledge() == Knowledge.ALL || header.knowledge() == Knowledge.TAIL_LOST);
    }

    /// Whether entries were lost: once the log has the others, the journal is to be begun anew.
    public boolean isLossy() {
        return locked(() -> header.knowledge() == Knowledge.ENTRIES_LOST || header.knowledge() == Knowledge.TAIL_LOST);
    }

    /// Whether it is lossy and takes entries all the same, so that the node can go on alone.
    public boolean hasLostItsTail() {
        return locked(() -> header.knowledge() == Knowledge.TAIL_LOST);
    }

    /// The log has heard of entries that are not here. From here on nothing is written, until it has been begun anew.
    public void hasLostEntries(String evidence) {
        try {
            alone(() -> {
                if (header.knowledge() != Knowledge.ENTRIES_LOST) {
                    header = header.with(Knowledge.ENTRIES_LOST);
                    LOG.log(Level.ERROR, "journal {0} has lost entries: {1}", header.id(), evidence);
                    rewrite(durable, header);
                }
            });
        } catch (IOException e) {
            LOG.log(Level.ERROR, "that is not noted in journal {0}: {1}", file.name(), e.toString());
        }
    }

    /// The log knows everything else: from here on the node may act alone. Not so with a journal that has lost entries,
    /// which has to be begun anew first.
    public void complete() throws IOException {
        alone(() -> {
            if (header.knowledge() == Knowledge.NOT_COMPARED) {
                var complete = header.with(Knowledge.ALL);
                rewrite(durable, complete);
                header = complete;
            }
        });
    }

    /// The log does not take what it has not heard of this journal, which has lost entries: it is kept beside.
    public void setAside() throws IOException {
        alone(() -> {
            if (header.knowledge() != Knowledge.ENTRIES_LOST) {
                throw new IllegalStateException("journal " + header.id() + " has lost no entries");
            }
            var aside = file.moveAside("not-taken");
            LOG.log(
                    Level.ERROR,
                    "the log does not take {0} entries of journal {1}, they are kept as {2}",
                    lastDurable - drained,
                    header.id(),
                    aside);
            drained = lastDurable;
        });
    }

    /// Begins a new journal in place of one that has lost entries; the log has those that were left.
    public void beginAnew() throws IOException {
        alone(() -> {
            if (drained < last) {
                throw new IllegalStateException("the log has not heard of " + (last - drained) + " entries");
            }
            var before = header;
            var opened = new Opening[1];
            unlocked(() -> opened[0] =
                    Opening.anew(file, before.owner(), boot, surroundings, "entries of " + before.id() + " were lost"));
            use(opened[0]);
        });
    }

    /// Gives the fact its number. It says nothing yet: see [#await]. Meant to be called under the lock of the decision.
    public Ticket begin(JournalFact fact) throws JournalFailed {
        lock.lock();
        try {
            if (header.knowledge() == Knowledge.ENTRIES_LOST) {
                throw new JournalFailed("journal " + file.name()
                        + " has lost entries and takes no more before the log has heard of that");
            }
            if (last - header.base() >= MOST_ENTRIES || length >= LARGEST_FILE) {
                throw new JournalFailed("journal " + file.name() + " is full: " + (last - header.base())
                        + " entries in " + length + " bytes, of which the log has not heard " + (last - drained));
            }
            if (!bootIsSaid && numbered.isEmpty() && !(fact instanceof JournalFact.Booted)) {
                number(new JournalFact.Booted(boot));
            }
            return number(fact);
        } finally {
            lock.unlock();
        }
    }

    private Ticket number(JournalFact fact) {
        var ticket = new Ticket(new Journalled(++last, surroundings.now(), fact));
        numbered.add(ticket);
        return ticket;
    }

    /// Whether the journal speaks of another boot: then the first entry of this one is to say that the others are over.
    public boolean isOfAnotherBoot() {
        return locked(() -> !bootIsSaid);
    }

    /// On return the entry survives a crash of the machine. Whoever comes first writes for all who wait.
    public void await(Ticket ticket) throws JournalFailed {
        lock.lock();
        try {
            while (!ticket.durable && ticket.failure.isEmpty()) {
                if (writing) {
                    written.awaitUninterruptibly();
                } else {
                    write();
                }
            }
            if (ticket.failure.isPresent()) {
                throw ticket.failure.get();
            }
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        writing = true;
        var batch = List.copyOf(numbered);
        long before = length;
        boolean cutFirst = tailUnknown;
        Optional<IOException> failure = Optional.empty();
        lock.unlock();
        try {
            try {
                if (cutFirst) {
                    file.truncate(before);
                }
                file.append(together(batch));
                file.sync();
            } catch (IOException e) {
                failure = Optional.of(e);
                cutFirst = isNotCutTo(before);
            }
        } finally {
            lock.lock();
            writing = false;
            written.signalAll();
        }
        tailUnknown = failure.isPresent() && cutFirst;
        if (failure.isPresent()) {
            fail(failure.get());
        } else {
            succeed(batch);
        }
    }

    private boolean isNotCutTo(long before) {
        try {
            file.truncate(before);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private void succeed(List<Ticket> batch) {
        for (var ticket : batch) {
            ticket.durable = true;
            durable.add(new Sized(ticket.entry, ticket.bytes.length));
            length += ticket.bytes.length;
            lastDurable = ticket.entry.sequence();
            bootIsSaid |= ticket.entry.fact() instanceof JournalFact.Booted;
        }
        numbered.subList(0, batch.size()).clear();
        if (failing) {
            failing = false;
            LOG.log(Level.WARNING, "journal {0} can be written again", file.name());
        }
    }

    /// Those behind the batch have numbers that rest on it, so they fail with it.
    private void fail(IOException cause) {
        for (var ticket : numbered) {
            ticket.failure =
                    Optional.of(new JournalFailed("journal " + file.name() + " cannot be written: " + cause, cause));
        }
        numbered.clear();
        last = lastDurable;
        if (!failing) {
            failing = true;
            LOG.log(
                    Level.ERROR,
                    "journal {0} cannot be written, so this node can do nothing while the log is away: {1}",
                    file.name(),
                    cause.toString());
        }
    }

    /// Numbers and writes.
    public Journalled append(JournalFact fact) throws JournalFailed {
        var ticket = begin(fact);
        await(ticket);
        return ticket.entry();
    }

    /// What a command sent now carries: the last entry on disk.
    public JournalMark mark() {
        return locked(() -> new JournalMark(header.id(), lastDurable));
    }

    /// The oldest entries that the log has not heard of.
    public List<Journalled> waiting(int most) {
        return locked(() -> {
            int from = (int) (drained - header.base());
            int to = Math.min(durable.size(), from + most);
            return durable.subList(from, to).stream().map(Sized::entry).toList();
        });
    }

    /// How many entries have a number and are not known to the log.
    public int backlog() {
        return locked(() -> (int) (last - drained));
    }

    /// Everything on disk, for laying it over the state after a start.
    public List<Journalled> entries() {
        return locked(() -> durable.stream().map(Sized::entry).toList());
    }

    /// Whether entries cannot be written now.
    public boolean isFailing() {
        return locked(() -> failing);
    }

    /// The log has everything up to this one.
    public void drained(long through) {
        boolean isMore = locked(() -> {
            drained = Math.max(drained, Math.min(through, lastDurable));
            return through > lastDurable;
        });
        if (isMore) {
            hasLostEntries("the log knows it up to entry " + through + ", and here it ends at " + mark().sequence());
        }
    }

    /// An address that the log was asked for, or has given.
    ///
    /// @param after the last entry before that
    public record Asked(IpAddress ip, long after) {}

    /// The log is about to be asked for these, or has given them: if the process ends now, the state on disk does not
    /// show what became of them. Not waited for, and no reason to fail.
    public void noteAsked(List<IpAddress> addresses) {
        note(new Notes.Asked(addresses));
    }

    /// What was noted since the state on disk was taken, in order.
    public List<Asked> asked() {
        return locked(notes::asked);
    }

    /// A state is about to be taken, to be saved: what is asked for from here on it does not show.
    ///
    /// @return the round that [#saved] ends
    public long takesState() {
        long round = locked(notes::nextRound);
        note(new Notes.Taken(round));
        return round;
    }

    /// That state is on disk. It shows the journal up to `through`, so those entries are dropped, if that is worth the
    /// work; nothing is that the log has not heard.
    public void saved(long round, long through) throws IOException {
        note(new Notes.Saved(round));
        alone(() -> {
            var kept = through <= header.base()
                    ? List.copyOf(durable)
                    : durable.stream()
                            .filter(sized -> sized.entry().sequence() > Math.min(through, drained))
                            .toList();
            int dropped = durable.size() - kept.size();
            long useless = length - kept.stream().mapToLong(Sized::bytes).sum();
            if (useless >= WORTH_DROPPING || (dropped > 0 && kept.isEmpty())) {
                var next = new Header(
                        header.owner(),
                        header.id(),
                        header.bootAfter(durable.subList(0, dropped)),
                        lastDurable - kept.size(),
                        header.knowledge());
                rewrite(kept, next);
                header = next;
                durable.clear();
                durable.addAll(kept);
            }
        });
    }

    private void note(Notes.Note note) {
        var bytes = JournalFormat.note(note);
        try {
            alone(() -> {
                notes.add(note, lastDurable);
                long before = length;
                if (tailUnknown) {
                    unlocked(() -> file.truncate(before));
                    tailUnknown = false;
                }
                try {
                    unlocked(() -> file.append(bytes));
                    length += bytes.length;
                } catch (IOException e) {
                    var isLeft = new boolean[1];
                    unlocked(() -> isLeft[0] = isNotCutTo(before));
                    tailUnknown = isLeft[0];
                    throw e;
                }
            });
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} is not noted in journal {1}: {2}", note, file.name(), e.toString());
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    /// Changes the file while nobody else does.
    private void alone(Change change) throws IOException {
        lock.lock();
        try {
            while (writing) {
                written.awaitUninterruptibly();
            }
            writing = true;
            try {
                change.make();
            } finally {
                writing = false;
                written.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whoever numbers an entry holds the lock of every decision, so it must not wait here for the disk.
    private void unlocked(Change work) throws IOException {
        lock.unlock();
        try {
            work.make();
        } finally {
            lock.lock();
        }
    }

    private void rewrite(List<Sized> entries, Header with) throws IOException {
        var bytes = JournalFormat.file(with, entries, notes);
        unlocked(() -> file.replace(bytes));
        length = bytes.length;
        tailUnknown = false;
    }

    private static byte[] together(List<Ticket> tickets) {
        var bytes = new ByteArrayOutputStream();
        tickets.forEach(ticket -> bytes.writeBytes(ticket.bytes));
        return bytes.toByteArray();
    }

    private interface Look<T> {
        T look();
    }

    private <T> T locked(Look<T> look) {
        lock.lock();
        try {
            return look.look();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            while (writing) {
                written.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
