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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// What this node did on its own, on its disk before anybody relies on it. An entry is numbered first (under the lock
/// of whoever decides), then written and synced together with all others that wait ([GroupCommit]), then it may be
/// acted on.
///
/// Transitions of an entry on disk: durable -> drained (the log has it) -> dropped (the state on disk shows it).
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
    private final GroupCommit end;
    private final List<Sized> durable = new ArrayList<>();
    private Notes notes = new Notes();
    private Header header;
    private long drained;

    /// Whether this boot is the one that the next entry would be taken for.
    private boolean bootIsSaid = true;

    private Journal(DataFile file, BootId boot, Surroundings surroundings, Opening opened) {
        this.file = file;
        this.boot = boot;
        this.surroundings = surroundings;
        this.end = new GroupCommit(file, this::isDurable);
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
        end.endsWith(header.base() + durable.size(), opened.length());
        notes = opened.notes();
        bootIsSaid = header.bootAfter(durable).equals(boot);
    }

    /// Names the journal; a new name says that what an older one held beyond the log's knowledge is lost.
    public JournalId id() {
        return end.locked(() -> header.id());
    }

    /// Whether log and journal together know everything that the node has, so that the node may act alone. Not so in a
    /// journal that has just been begun, until the log has compared the kernel with what it knows.
    public boolean isComplete() {
        return end.locked(() -> switch (header.knowledge()) {
            case ALL, TAIL_LOST, COMPARED -> true;
            case NOT_COMPARED, ENTRIES_LOST -> false;
        });
    }

    /// Whether entries were lost: once the log has the others, the journal is to be begun anew.
    public boolean isLossy() {
        return end.locked(
                () -> header.knowledge() == Knowledge.ENTRIES_LOST || header.knowledge() == Knowledge.TAIL_LOST);
    }

    /// Whether it is lossy and takes entries all the same, so that the node can go on alone.
    public boolean hasLostItsTail() {
        return end.locked(() -> header.knowledge() == Knowledge.TAIL_LOST);
    }

    /// The log has heard of entries that are not here. From here on nothing is written, until it has been begun anew.
    public void hasLostEntries(String evidence) {
        try {
            end.alone(() -> {
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

    /// The log knows everything else: from here on this process may act alone. The next one may when the state on disk
    /// shows that ([#complete]), for the entries that would tell it are over. Not so with a journal that has lost
    /// entries, which has to be begun anew first.
    ///
    /// @param which the journal under which the log has compared; another one has begun with another loss
    public void compared(JournalId which) {
        end.locked(() -> {
            if (header.knowledge() == Knowledge.NOT_COMPARED && header.id().equals(which)) {
                header = header.with(Knowledge.COMPARED);
            }
            return header;
        });
    }

    /// Whether the state on disk does not show what was compared.
    public boolean isComparisonUnsaved() {
        return end.locked(() -> header.knowledge() == Knowledge.COMPARED);
    }

    /// The state on disk shows what was compared.
    public void complete() throws IOException {
        end.alone(() -> {
            if (header.knowledge() == Knowledge.NOT_COMPARED || header.knowledge() == Knowledge.COMPARED) {
                var complete = header.with(Knowledge.ALL);
                rewrite(durable, complete);
                header = complete;
            }
        });
    }

    /// The log does not take what it has not heard of this journal, which has lost entries: it is kept beside.
    public void setAside() throws IOException {
        end.alone(() -> {
            if (header.knowledge() != Knowledge.ENTRIES_LOST) {
                throw new IllegalStateException("journal " + header.id() + " has lost no entries");
            }
            var aside = new String[1];
            end.unlocked(() -> aside[0] = file.moveAside("not-taken"));
            LOG.log(
                    Level.ERROR,
                    "the log does not take {0} entries of journal {1}, they are kept as {2}",
                    end.lastDurable() - drained,
                    header.id(),
                    aside[0]);
            drained = end.lastDurable();
        });
    }

    /// Begins a new journal in place of one that has lost entries; the log has those that were left.
    public void beginAnew() throws IOException {
        end.alone(() -> {
            if (drained < end.last()) {
                throw new IllegalStateException("the log has not heard of " + (end.last() - drained) + " entries");
            }
            var before = header;
            var opened = new Opening[1];
            end.unlocked(() -> opened[0] =
                    Opening.anew(file, before.owner(), boot, surroundings, "entries of " + before.id() + " were lost"));
            use(opened[0]);
        });
    }

    /// Gives the fact its number. It says nothing yet: see [#await]. Meant to be called under the lock of the decision.
    public Ticket begin(JournalFact fact) throws JournalFailed {
        return end.numbered(() -> {
            requireRoom();
            if (!bootIsSaid && !end.isAnyWaiting() && !(fact instanceof JournalFact.Booted)) {
                end.number(surroundings.now(), new JournalFact.Booted(boot));
            }
            return end.number(surroundings.now(), fact);
        });
    }

    private void requireRoom() throws JournalFailed {
        if (header.knowledge() == Knowledge.ENTRIES_LOST) {
            throw new JournalFailed(
                    "journal " + file.name() + " has lost entries and takes no more before the log has heard of that");
        }
        if (end.last() - header.base() >= MOST_ENTRIES || end.length() >= LARGEST_FILE) {
            throw new JournalFailed("journal " + file.name() + " is full: " + (end.last() - header.base())
                    + " entries in " + end.length() + " bytes, of which the log has not heard "
                    + (end.last() - drained));
        }
    }

    /// Whether the journal speaks of another boot: then the first entry of this one is to say that the others are over.
    public boolean isOfAnotherBoot() {
        return end.locked(() -> !bootIsSaid);
    }

    /// On return the entry survives a crash of the machine. Whoever comes first writes for all who wait.
    public void await(Ticket ticket) throws JournalFailed {
        end.await(ticket);
    }

    private void isDurable(Ticket ticket) {
        durable.add(new Sized(ticket.entry(), ticket.bytes().length));
        bootIsSaid |= ticket.entry().fact() instanceof JournalFact.Booted;
    }

    /// Numbers and writes.
    public Journalled append(JournalFact fact) throws JournalFailed {
        var ticket = begin(fact);
        await(ticket);
        return ticket.entry();
    }

    /// What a command sent now carries: the last entry on disk.
    public JournalMark mark() {
        return end.locked(() -> new JournalMark(header.id(), end.lastDurable()));
    }

    /// The oldest entries that the log has not heard of.
    public List<Journalled> waiting(int most) {
        return end.locked(() -> {
            int from = (int) (drained - header.base());
            int to = Math.min(durable.size(), from + most);
            return durable.subList(from, to).stream().map(Sized::entry).toList();
        });
    }

    /// How many entries have a number and are not known to the log.
    public int backlog() {
        return end.locked(() -> (int) (end.last() - drained));
    }

    /// Everything on disk, for laying it over the state after a start.
    public List<Journalled> entries() {
        return end.locked(() -> durable.stream().map(Sized::entry).toList());
    }

    /// Whether entries cannot be written now.
    public boolean isFailing() {
        return end.locked(end::isFailing);
    }

    /// The log has everything up to this one.
    public void drained(long through) {
        boolean isMore = end.locked(() -> {
            drained = Math.max(drained, Math.min(through, end.lastDurable()));
            return through > end.lastDurable();
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
        return end.locked(notes::asked);
    }

    /// A state is about to be taken, to be saved: what is asked for from here on it does not show.
    ///
    /// @return the round that [#saved] ends
    public long takesState() {
        long round = end.locked(notes::nextRound);
        note(new Notes.Taken(round));
        return round;
    }

    /// That state is on disk. It shows the journal up to `through`, so those entries are dropped, if that is worth the
    /// work; nothing is that the log has not heard.
    public void saved(long round, long through) throws IOException {
        note(new Notes.Saved(round));
        end.alone(() -> {
            var kept = through <= header.base()
                    ? List.copyOf(durable)
                    : durable.stream()
                            .filter(sized -> sized.entry().sequence() > Math.min(through, drained))
                            .toList();
            int dropped = durable.size() - kept.size();
            long useless = end.length() - kept.stream().mapToLong(Sized::bytes).sum();
            if (useless >= WORTH_DROPPING || (dropped > 0 && kept.isEmpty())) {
                var next = new Header(
                        header.owner(),
                        header.id(),
                        header.bootAfter(durable.subList(0, dropped)),
                        end.lastDurable() - kept.size(),
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
            end.alone(() -> {
                notes.add(note, end.lastDurable());
                end.addUnsynced(bytes);
            });
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} is not noted in journal {1}: {2}", note, file.name(), e.toString());
        }
    }

    private void rewrite(List<Sized> entries, Header with) throws IOException {
        var bytes = JournalFormat.file(with, entries, notes);
        end.unlocked(() -> file.replace(bytes));
        end.isReplaced(bytes.length);
    }

    /// Waits for who is writing.
    @Override
    public void close() {
        try {
            end.alone(() -> {});
        } catch (IOException e) {
            throw new UncheckedIOException("nothing was to be written", e);
        }
    }
}
