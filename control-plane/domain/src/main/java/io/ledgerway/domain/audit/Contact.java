package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.NodeName;
import java.time.Instant;

/// What the log has heard from the instance that has a node's name. A node says nothing while nothing happens, so
/// silence does not tell a quiet node from one that cannot be reached: what it did behind its last word is not
/// known to be complete either way.
///
/// @param since the record with which the instance took the name; what was begun before belongs to one before it
/// @param voice the actor that speaks for it; empty once the node is retired
/// @param word whatever the node did until then, it had told, as far as it knew itself
/// @param sure the same without the drains' own times: a journal whose end was lost is drained too, before it is
/// said to be lost
/// @param command the last command that it told something by
/// @param sureBefore how far it was sure before that command
public record Contact(
        NodeName node, Position since, String voice, Instant word, Instant sure, String command, Instant sureBefore) {

    static Contact begun(NodeName node, Position since, String voice, Instant at, String command) {
        return new Contact(node, since, voice, at, at, command, at);
    }

    /// Whether a record in that place is about an instance that had the name before.
    boolean isOfFormer(Position begun) {
        return begun.partition() == since.partition() && begun.sequence() < since.sequence();
    }

    Contact told(Instant time, String by) {
        return heard(later(word, time), later(sure, time), by);
    }

    Contact drained(Instant time, String by) {
        return heard(later(word, time), sure, by);
    }

    /// How far everything is known that was done before the command.
    Instant sureBefore(String by) {
        return command.equals(by) ? sureBefore : sure;
    }

    private Contact heard(Instant nextWord, Instant nextSure, String by) {
        return new Contact(node, since, voice, nextWord, nextSure, by, sureBefore(by));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
