package io.ledgerway.server.postgres;

import io.ledgerway.domain.audit.Contact;
import io.ledgerway.domain.audit.Gap;
import io.ledgerway.domain.audit.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/// Writes how far nodes have told what they did, and where that is not known.
final class TellingTables {

    private final Connection connection;
    private final String schema;

    TellingTables(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    void write(Batch batch) throws SQLException {
        if (!batch.contacts().isEmpty()) {
            writeContacts(batch.contacts());
        }
        if (!batch.gaps().isEmpty()) {
            writeGaps(batch.gaps());
        }
        if (!batch.unexplained().isEmpty()) {
            writeUnexplained(batch.unexplained());
        }
    }

    private void writeContacts(Collection<Contact> contacts) throws SQLException {
        var sql = "insert into " + schema + ".contact (node, partition, since, voice, word, sure, command, sure_before)"
                + " select a, b, c, d, " + Columns.moment("e") + ", " + Columns.moment("f") + ", g, "
                + Columns.moment("h")
                + " from unnest(?, ?, ?, ?, ?, ?, ?, ?) as t(a, b, c, d, e, f, g, h)"
                + " on conflict (node) do update set partition = excluded.partition, since = excluded.since,"
                + " voice = excluded.voice, word = excluded.word, sure = excluded.sure,"
                + " command = excluded.command, sure_before = excluded.sure_before";
        try (var upsert = new Columns<>(connection, contacts, sql)) {
            upsert.texts(contact -> contact.node().value())
                    .ints(contact -> contact.since().partition())
                    .longs(contact -> contact.since().sequence())
                    .texts(Contact::voice)
                    .moments(Contact::word)
                    .moments(Contact::sure)
                    .texts(Contact::command)
                    .moments(Contact::sureBefore)
                    .execute();
        }
    }

    private void writeGaps(Collection<Gap> gaps) throws SQLException {
        var sql = "insert into " + schema + ".gap (node, eni, partition, told, cause, gap_from, gap_to)"
                + " select a, b, c, d, e, " + Columns.moment("f") + ", " + Columns.momentOrInfinity("g")
                + " from unnest(?, ?, ?, ?, ?, ?, ?) as t(a, b, c, d, e, f, g)"
                + " on conflict (partition, told, eni) do update set gap_to = excluded.gap_to";
        try (var upsert = new Columns<>(connection, gaps, sql)) {
            upsert.texts(gap -> gap.node().value())
                    .texts(gap -> gap.eni().map(Object::toString).orElse(""))
                    .ints(gap -> gap.told().partition())
                    .longs(gap -> gap.told().sequence())
                    .texts(gap -> gap.cause().name())
                    .moments(Gap::from)
                    .optionalMoments(Gap::to)
                    .execute();
        }
    }

    private void writeUnexplained(Collection<Position> unexplained) throws SQLException {
        var sql =
                "insert into " + schema + ".unexplained (partition, sequence) select a, b from unnest(?, ?) as t(a, b)";
        try (var insert = new Columns<>(connection, unexplained, sql)) {
            insert.ints(Position::partition).longs(Position::sequence).execute();
        }
    }
}
