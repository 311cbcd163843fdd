package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.JournalId;

/// A place in a node's journal.
///
/// @param sequence of the last entry before it; 0 before the first
public record JournalMark(JournalId journal, long sequence) {

    public JournalMark {
        if (sequence < 0) {
            throw new IllegalArgumentException("a journal has no entry " + sequence);
        }
    }
}
