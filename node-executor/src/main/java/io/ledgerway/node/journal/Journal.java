package io.ledgerway.node.journal;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.node.journal.JournalFormat.Header;
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
    private Header header;
    private long last;
    private long lastDurable;
    private long drained;
    private long length;
    private boolean writing;
    private boolean tailUnknown;
    private boolean lossy;
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

    private Journal(DataFile file, BootId boot, Surroundings surroundings) {
        this.file = file;
        this.boot = boot;
        this.surroundings = surroundings;
    }

    /// Goes on with the journal on disk, or makes a new one where there is none that can be gone on with. What cannot
    /// be used is kept beside, and said loudly.
    ///
    /// @throws NotOurs if it is another node's, another cluster's or of a newer format
    public static Journal open(DataFile file, Incarnation owner, BootId boot, Surroundings surroundings)
            throws IOException {
        var journal = new Journal(file, boot, surroundings);
        var bytes = file.read();
        if (bytes.isEmpty()) {
            journal.make(owner, "there is none at " + file.name());
            return journal;
        }
        try {
            journal.take(JournalFormat.read(bytes.get()), owner);
        } catch (JournalFormat.Unreadable e) {
            var aside = file.moveAside("unreadable");
            journal.make(
                    owner,
                    "the one at " + file.name() + " cannot be read, it is kept as " + aside + ": " + e.getMessage());
        } catch (NotOurs e) {
            throw new NotOurs("journal " + file.name() + " is not taken over: " + e.getMessage());
        }
        return journal;
    }

    /// What a journal's file holds of whole entries; nothing if it is none of ours.
    public static List<Journalled> entriesIn(byte[] file) {
        try {
            return JournalFormat.read(file).entries().stream().map(Sized::entry).toList();
        } catch (JournalFormat.Unreadable | NotOurs e) {
            return List.of();
        }
    }

    private void make(Incarnation owner, String why) throws IOException {
        var fresh = new Header(owner, new JournalId(surroundings.newName()), boot, 0, false);
        var bytes = JournalFormat.header(fresh);
        file.replace(bytes);
        header = fresh;
        length = bytes.length;
        last = 0;
        lastDurable = 0;
        drained = 0;
        durable.clear();
        lossy = false;
        bootIsSaid = true;
        LOG.log(Level.WARNING, "journal {0} is begun, because {1}", fresh.id(), why);
    }

    private void take(JournalFormat.Contents contents, Incarnation owner) throws IOException {
        var theirs = contents.header().owner();
        if (!theirs.cluster().equals(owner.cluster()) || !theirs.node().equals(owner.node())) {
            throw new NotOurs("it belongs to node " + theirs.node() + " of cluster " + theirs.cluster()
                    + ", but this is node " + owner.node() + " of cluster " + owner.cluster()
                    + "; give each node a data folder of its own, or move the file away");
        }
        if (!theirs.equals(owner)) {
            var aside = file.moveAside("of-instance-" + theirs.instance());
            make(
                    owner,
                    "the one there is of instance " + theirs.instance()
                            + ", which had this node's name before; only that instance may tell the log of it, and it is kept as "
                            + aside);
            return;
        }
        header = contents.header();
        durable.addAll(contents.entries());
        drained = header.base();
        lastDurable = header.base() + durable.size();
        last = lastDurable;
        length = contents.length();
        bootIsSaid = bootOf(durable).equals(boot);
        switch (contents.tail()) {
            case JournalFormat.Nothing tail -> {}
            case JournalFormat.Torn tail -> {
                LOG.log(
                        Level.ERROR,
                        "the last {0} bytes of journal {1} are no whole entry: they are cut off, nobody was told of it",
                        tail.bytes(),
                        file.name());
                file.truncate(length);
            }
            case JournalFormat.Damaged tail -> keepWhatIsBefore(tail);
        }
    }

    /// The boot that these entries end with.
    private BootId bootOf(List<Sized> entries) {
        var last = header.boot();
        for (var sized : entries) {
            last = sized.entry().fact() instanceof JournalFact.Booted booted ? booted.boot() : last;
        }
        return last;
    }

    /// What was behind the damage was told to somebody and is lost: the log hears of the entries before it under the
    /// journal's old name, and of the loss by the next one's.
    private void keepWhatIsBefore(JournalFormat.Damaged damage) throws IOException {
        var aside = file.moveAside("damaged");
        lossy = true;
        header = header.completed(false);
        LOG.log(
                Level.ERROR,
                "journal {0} is damaged after entry {1}: {2} bytes from offset {3} on are not used, though there are"
                        + " entries again at offset {4}. All of it is kept as {5}. The node acts alone again when the"
                        + " log has compared it with the kernel",
                header.id(),
                lastDurable,
                damage.bytes(),
                length,
                damage.nextGood(),
                aside);
        rewrite(durable, header);
    }

    /// Names the journal; a new name says that what an older one held beyond the log's knowledge is lost.
    public JournalId id() {
        return locked(() -> header.id());
    }

    /// Whether log and journal together know everything that the node has, so that the node may act alone. Not so in a
    /// journal that has just been begun, until the log has compared the kernel with what it knows.
    public boolean isComplete() {
        return locked(() -> header.complete());
    }

    /// Whether entries were lost: once the log has the others, the journal is to be begun anew.
    public boolean isLossy() {
        return locked(() -> lossy);
    }

    /// The log has heard of entries that are not here. From here on nothing is written, until it has been begun anew.
    public void hasLostEntries(String evidence) {
        locked(() -> {
            if (!lossy) {
                lossy = true;
                header = header.completed(false);
                LOG.log(Level.ERROR, "journal {0} has lost entries: {1}", header.id(), evidence);
            }
            return null;
        });
    }

    /// The log knows everything else: from here on the node may act alone.
    public void complete() throws IOException {
        alone(() -> {
            var complete = header.completed(true);
            rewrite(durable, complete);
            header = complete;
        });
    }

    /// Begins a new journal in place of one that has lost entries; the log has those that were left.
    public void beginAnew() throws IOException {
        alone(() -> {
            if (drained < last) {
                throw new IllegalStateException("the log has not heard of " + (last - drained) + " entries");
            }
            make(header.owner(), "entries of " + header.id() + " were lost");
        });
    }

    /// Gives the fact its number. It says nothing yet: see [#await]. Meant to be called under the lock of the decision.
    public Ticket begin(JournalFact fact) throws JournalFailed {
        lock.lock();
        try {
            if (lossy) {
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

    /// The state on disk shows everything up to this one, so it is dropped, if that is worth the work.
    public void drop(long through) throws IOException {
        alone(() -> {
            var kept = durable.stream()
                    .filter(sized -> sized.entry().sequence() > Math.min(through, drained))
                    .toList();
            long dropped = durable.stream().mapToLong(Sized::bytes).sum()
                    - kept.stream().mapToLong(Sized::bytes).sum();
            if (dropped >= WORTH_DROPPING || (dropped > 0 && kept.isEmpty())) {
                var dropping = durable.subList(0, durable.size() - kept.size());
                var next = new Header(
                        header.owner(), header.id(), bootOf(dropping), lastDurable - kept.size(), header.complete());
                rewrite(kept, next);
                header = next;
                durable.clear();
                durable.addAll(kept);
            }
        });
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
            change.make();
        } finally {
            lock.unlock();
        }
    }

    private void rewrite(List<Sized> entries, Header with) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(JournalFormat.header(with));
        entries.forEach(sized -> bytes.writeBytes(JournalFormat.entry(sized.entry())));
        file.replace(bytes.toByteArray());
        length = bytes.size();
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
