package io.ledgerway.node.journal;

import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The end of the journal's file, where entries are added: whoever comes first writes and syncs for all who wait.
///
/// Transitions of an entry: numbered -> durable, or numbered -> failed: then nothing of it is left, nor of those behind
/// it, and their numbers are given again.
final class GroupCommit {

    private static final Logger LOG = System.getLogger(Journal.class.getName());

    private final DataFile file;
    private final Consumer<Ticket> onDurable;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    private final List<Ticket> numbered = new ArrayList<>();
    private long last;
    private long lastDurable;
    private long length;
    private boolean writing;
    /// Whether bytes of a failed write may still be there.
    private boolean tailUnknown;
    private boolean failing;

    /// @param onDurable told of each entry that is on disk, in order, under the lock
    GroupCommit(DataFile file, Consumer<Ticket> onDurable) {
        this.file = file;
        this.onDurable = onDurable;
    }

    interface Change {
        void make() throws IOException;
    }

    interface Numbering {
        Ticket number() throws JournalFailed;
    }

    <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    Ticket numbered(Numbering numbering) throws JournalFailed {
        lock.lock();
        try {
            return numbering.number();
        } finally {
            lock.unlock();
        }
    }

    /// Changes the file while nobody else does.
    void alone(Change change) throws IOException {
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

    // The rest up to await is called under the lock.

    /// Whoever numbers an entry holds the lock of every decision, so it must not wait here for the disk.
    void unlocked(Change work) throws IOException {
        lock.unlock();
        try {
            work.make();
        } finally {
            lock.lock();
        }
    }

    /// The file ends with this entry, and has that many bytes.
    void endsWith(long entry, long bytes) {
        last = entry;
        lastDurable = entry;
        length = bytes;
    }

    /// The file was replaced by one with the same entries at its end.
    void isReplaced(long bytes) {
        length = bytes;
        tailUnknown = false;
    }

    Ticket number(Instant at, JournalFact fact) {
        var ticket = new Ticket(new Journalled(++last, at, fact));
        numbered.add(ticket);
        return ticket;
    }

    boolean isAnyWaiting() {
        return !numbered.isEmpty();
    }

    /// The last that has a number.
    long last() {
        return last;
    }

    long lastDurable() {
        return lastDurable;
    }

    long length() {
        return length;
    }

    /// Whether entries cannot be written now.
    boolean isFailing() {
        return failing;
    }

    /// Adds bytes that nobody waits for.
    void addUnsynced(byte[] bytes) throws IOException {
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
    }

    /// On return the entry survives a crash of the machine.
    void await(Ticket ticket) throws JournalFailed {
        lock.lock();
        try {
            while (!ticket.isSettled()) {
                if (writing) {
                    written.awaitUninterruptibly();
                } else {
                    write();
                }
            }
            ticket.requireOnDisk();
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
            ticket.isOnDisk();
            length += ticket.bytes().length;
            lastDurable = ticket.entry().sequence();
            onDurable.accept(ticket);
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
            ticket.hasFailed(new JournalFailed("journal " + file.name() + " cannot be written: " + cause, cause));
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

    private static byte[] together(List<Ticket> tickets) {
        var bytes = new ByteArrayOutputStream();
        tickets.forEach(ticket -> bytes.writeBytes(ticket.bytes()));
        return bytes.toByteArray();
    }
}
