package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.JournalId;
import java.util.Optional;

/// A place in a node's journal.
///
/// @param sequence of the last entry before it; 0 before the first
/// @param run which run of the executor was there when it sent a command; nothing in what the log has heard, and in a
///     registration, which names its run itself
public record JournalMark(JournalId journal, long sequence, Optional<String> run) {

    public JournalMark {
        if (sequence < 0) {
            throw new IllegalArgumentException("a journal has no entry " + sequence);
        }
    }

    public JournalMark(JournalId journal, long sequence) {
        this(journal, sequence, Optional.empty());
    }

    /// The same place, in a command of that run.
    public JournalMark sentBy(String name) {
        return new JournalMark(journal, sequence, Optional.of(name));
    }
}
