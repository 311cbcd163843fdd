package io.ledgerway.node.journal;

import io.ledgerway.domain.node.Journalled;
import java.util.Optional;

/// One numbered entry on its way to the disk.
public final class Ticket {

    private final Journalled entry;
    private final byte[] bytes;
    private boolean durable;
    private Optional<JournalFailed> failure = Optional.empty();

    Ticket(Journalled entry) {
        this.entry = entry;
        this.bytes = JournalFormat.entry(entry);
    }

    public Journalled entry() {
        return entry;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Whether it is known what has become of it.
    boolean isSettled() {
        return durable || failure.isPresent();
    }

    void isOnDisk() {
        durable = true;
    }

    void hasFailed(JournalFailed why) {
        failure = Optional.of(why);
    }

    void requireOnDisk() throws JournalFailed {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
