package io.ledgerway.domain.node;

import java.time.Instant;

/// One entry of a node's journal.
///
/// @param sequence dense within the journal, from 1 on
/// @param at when it happened, by the node's clock
public record Journalled(long sequence, Instant at, JournalFact fact) {

    public Journalled {
        if (sequence < 1) {
            throw new IllegalArgumentException("a journal has no entry " + sequence);
        }
    }
}
