package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.NodeName;
import java.time.Instant;

/// What the log has heard from the instance that has a node's name. A node says nothing while nothing happens, so
/// silence
/// does not tell a quiet node from one that cannot be reached: what it did behind its last word is not known to be
/// complete either way.
///
/// @param since the record with which the instance took the name; what was begun before belongs to one before it
/// @param voice the actor that speaks for it; empty once the node is retired
/// @param word whatever the node did until then, it had told
/// @param command the last command that moved the word
/// @param wordBefore the word before that command
public record Contact(NodeName node, Position since, String voice, Instant word, String command, Instant wordBefore) {

    /// Whether a record in that place is about an instance that had the name before.
    boolean isOfFormer(Position begun) {
        return begun.partition() == since.partition() && begun.sequence() < since.sequence();
    }

    Contact told(Instant time, String by) {
        var next = time.isAfter(word) ? time : word;
        return command.equals(by)
                ? new Contact(node, since, voice, next, command, wordBefore)
                : new Contact(node, since, voice, next, by, word);
    }
}
