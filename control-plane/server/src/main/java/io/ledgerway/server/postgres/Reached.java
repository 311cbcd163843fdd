package io.ledgerway.server.postgres;

import io.ledgerway.domain.Envelope;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// How far one partition has been projected.
///
/// @param next the sequence of the record that comes next
/// @param last by what the record before is known again; empty before the first
record Reached(int partition, long next, Optional<Last> last) {

    /// @param hashBefore what the record says of everything before it
    record Last(String eventId, String hashBefore, Instant recordedAt) {
        Last {
            // As exact as PostgreSQL keeps it, so that what is read back is equal.
            recordedAt = recordedAt.truncatedTo(ChronoUnit.MICROS);
        }
    }

    static Reached nothing(int partition) {
        return new Reached(partition, 0, Optional.empty());
    }

    /// @throws OtherLog if `record` does not come next
    Reached after(Envelope record) {
        if (record.partition() != partition || record.sequence() != next) {
            throw new OtherLog("partition " + partition + " is projected up to sequence " + next + ", but what came is "
                    + record.partition() + ":" + record.sequence());
        }
        return new Reached(
                partition,
                next + 1,
                Optional.of(new Last(record.id().value(), record.previousHash().toString(), record.recordedAt())));
    }

    /// @throws OtherLog if `record`, which has the last projected sequence, is not the record that was projected
    void recognise(Envelope record) {
        var known = last.orElseThrow();
        if (!known.eventId().equals(record.id().value())
                || !known.hashBefore().equals(record.previousHash().toString())) {
            throw new OtherLog("record " + partition + ":" + record.sequence() + " of the log is event " + record.id()
                    + ", but the one that was projected from there is event " + known.eventId()
                    + ": PostgreSQL holds the projection of another log; rebuild it, or point at the right log");
        }
    }

    /// Locks the positions, so that whoever reads them is the only one that writes until the transaction ends.
    static SequencedMap<Integer, Reached> lock(Connection connection, Slot slot) throws SQLException {
        return read(connection, slot, " for update");
    }

    static SequencedMap<Integer, Reached> read(Connection connection, Slot slot) throws SQLException {
        return read(connection, slot, "");
    }

    private static SequencedMap<Integer, Reached> read(Connection connection, Slot slot, String how)
            throws SQLException {
        var all = new TreeMap<Integer, Reached>();
        var sql = "select partition, next_sequence, last_event_id, hash_before_last, last_recorded_at from "
                + slot.schema() + ".projection_position order by partition" + how;
        try (var select = connection.prepareStatement(sql);
                var rows = select.executeQuery()) {
            while (rows.next()) {
                all.put(rows.getInt(1), reached(rows));
            }
        }
        return all;
    }

    private static Reached reached(ResultSet row) throws SQLException {
        var eventId = row.getString(3);
        return new Reached(
                row.getInt(1),
                row.getLong(2),
                eventId == null
                        ? Optional.empty()
                        : Optional.of(new Last(eventId, row.getString(4), Rows.moment(row, 5))));
    }

    /// Makes the rows of partitions that have none.
    static void begin(Connection connection, Slot slot, int partitions) throws SQLException {
        var sql = "insert into " + slot.schema() + ".projection_position (partition, next_sequence)"
                + " select p, 0 from generate_series(0, ?) p on conflict do nothing";
        try (var insert = connection.prepareStatement(sql)) {
            insert.setInt(1, partitions - 1);
            insert.executeUpdate();
        }
    }

    /// Moves the positions on from where `before` says that they are.
    ///
    /// @throws Overtaken if they are elsewhere
    static void move(Connection connection, Slot slot, Collection<Reached> before, Collection<Reached> after)
            throws SQLException {
        var sql =
                "update " + slot.schema() + ".projection_position p set next_sequence = t.after, last_event_id = t.id,"
                        + " hash_before_last = t.hash, last_recorded_at = " + Columns.moment("t.at")
                        + " from unnest(?, ?, ?, ?, ?, ?) as t(partition, before, after, id, hash, at)"
                        + " where p.partition = t.partition and p.next_sequence = t.before";
        var moved = after.stream().filter(reached -> reached.last().isPresent()).toList();
        int rows;
        try (var update = new Columns<>(connection, moved, sql)) {
            rows = update.ints(Reached::partition)
                    .longs(reached -> nextOf(before, reached.partition()))
                    .longs(Reached::next)
                    .texts(reached -> reached.last().orElseThrow().eventId())
                    .texts(reached -> reached.last().orElseThrow().hashBefore())
                    .moments(reached -> reached.last().orElseThrow().recordedAt())
                    .execute();
        }
        if (rows != moved.size()) {
            throw new Overtaken("the positions of " + slot.schema() + " are no longer at " + List.copyOf(before));
        }
    }

    private static long nextOf(Collection<Reached> all, int partition) {
        return all.stream()
                .filter(reached -> reached.partition() == partition)
                .findFirst()
                .orElseThrow()
                .next();
    }
}
