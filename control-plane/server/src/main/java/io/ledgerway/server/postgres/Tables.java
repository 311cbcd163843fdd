package io.ledgerway.server.postgres;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.audit.Assignment;
import io.ledgerway.domain.audit.Clocks;
import io.ledgerway.domain.audit.Conflict;
import io.ledgerway.domain.audit.End;
import io.ledgerway.domain.audit.Holding;
import io.ledgerway.domain.audit.JournalEntry;
import io.ledgerway.domain.audit.Position;
import io.ledgerway.domain.audit.Subjects.PodName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Writes a batch into one table set. Whoever calls it holds the position and moves it in the same transaction.
final class Tables {

    private final Connection connection;
    private final String schema;

    private record Named(IpAddress address, JournalEntry entry) {}

    Tables(Connection connection, Slot slot) {
        this.connection = connection;
        this.schema = slot.schema();
    }

    void write(Batch batch) throws SQLException {
        writeJournal(batch.entries());
        writeAddresses(batch.entries());
        if (!batch.assignments().isEmpty()) {
            writeAssignments(batch.assignments());
        }
        if (!batch.holdings().isEmpty()) {
            writeHoldings(batch.holdings());
            compareBetweenPartitions(batch.holdings());
        }
        if (!batch.conflicts().isEmpty()) {
            writeConflicts(batch.conflicts());
        }
        new TellingTables(connection, schema).write(batch);
    }

    private void writeJournal(List<JournalEntry> entries) throws SQLException {
        var sql = "insert into " + schema + ".event_journal (partition, sequence, stream, event_id, type, valid_from,"
                + " recorded_at, actor, causation, correlation, cloud_request_id, pod_uid, namespace, pod_name, intent,"
                + " eni, addresses, sentence, event) select a, b, c, d, e, " + Columns.moment("f") + ", "
                + Columns.moment("g") + ", h, i, j, k, l, m, n, o, p, string_to_array(q, ','), r, s::json"
                + " from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " as t(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s)";
        try (var insert = new Columns<>(connection, entries, sql)) {
            insert.ints(entry -> entry.position().partition())
                    .longs(entry -> entry.position().sequence())
                    .texts(entry -> entry.stream().name())
                    .texts(JournalEntry::id)
                    .texts(JournalEntry::type)
                    .moments(JournalEntry::validFrom)
                    .moments(JournalEntry::recordedAt)
                    .texts(JournalEntry::actor)
                    .texts(JournalEntry::causation)
                    .texts(JournalEntry::correlation)
                    .optionalTexts(JournalEntry::cloudRequestId)
                    .optionalTexts(entry -> entry.subjects().pod().map(Object::toString))
                    .optionalTexts(entry -> entry.subjects().podName().map(PodName::namespace))
                    .optionalTexts(entry -> entry.subjects().podName().map(PodName::name))
                    .optionalTexts(entry -> entry.subjects().intent().map(Object::toString))
                    .optionalTexts(entry -> entry.subjects().eni().map(Object::toString))
                    .texts(entry -> Rows.joined(entry.subjects().addresses()))
                    .texts(JournalEntry::sentence)
                    .texts(JournalEntry::event)
                    .execute();
        }
    }

    private void writeAddresses(List<JournalEntry> entries) throws SQLException {
        var named = new ArrayList<Named>();
        for (var entry : entries) {
            entry.subjects().addresses().stream().distinct().forEach(address -> named.add(new Named(address, entry)));
        }
        if (named.isEmpty()) {
            return;
        }
        var sql = "insert into " + schema + ".event_address (address, partition, sequence, type)"
                + " select a::inet, b, c, d from unnest(?, ?, ?, ?) as t(a, b, c, d)";
        try (var insert = new Columns<>(connection, named, sql)) {
            insert.texts(row -> row.address().value())
                    .ints(row -> row.entry().position().partition())
                    .longs(row -> row.entry().position().sequence())
                    .texts(row -> row.entry().type())
                    .execute();
        }
    }

    private void writeHoldings(Collection<Holding> holdings) throws SQLException {
        var sql = "insert into " + schema + ".holding (address, partition, begun, pod_uid, interface_name, namespace,"
                + " pod_name, node, eni, valid_from, told, valid_to, ended, end_told, end_reason) select a::inet, b, c, d,"
                + " e, f, g, h, i, " + Columns.moment("j") + ", " + Columns.moment("k") + ", "
                + Columns.momentOrInfinity("l") + ", m, " + Columns.moment("n")
                + ", o from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " as t(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)"
                + " on conflict (partition, begun, address) do update set valid_to = excluded.valid_to,"
                + " ended = excluded.ended, end_told = excluded.end_told, end_reason = excluded.end_reason";
        try (var upsert = new Columns<>(connection, holdings, sql)) {
            upsert.texts(holding -> holding.address().value())
                    .ints(holding -> holding.begun().partition())
                    .longs(holding -> holding.begun().sequence())
                    .texts(holding -> holding.attachment().pod().value())
                    .texts(holding -> holding.attachment().interfaceName())
                    .texts(Holding::namespace)
                    .texts(Holding::podName)
                    .texts(holding -> holding.node().value())
                    .texts(holding -> holding.eni().value())
                    .moments(Holding::from)
                    .moments(Holding::told)
                    .optionalMoments(Holding::to)
                    .optionalLongs(holding -> holding.end().map(End::position).map(Position::sequence))
                    .optionalMoments(holding -> holding.end().map(End::told))
                    .optionalTexts(
                            holding -> holding.end().map(end -> end.reason().name()))
                    .execute();
        }
    }

    private void writeAssignments(Collection<Assignment> assignments) throws SQLException {
        var sql = "insert into " + schema + ".assignment (address, partition, begun, node, eni, valid_from, valid_to,"
                + " ended, end_told, end_reason) select a::inet, b, c, d, e, " + Columns.moment("f") + ", "
                + Columns.momentOrInfinity("g") + ", h, " + Columns.moment("i")
                + ", j from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " as t(a, b, c, d, e, f, g, h, i, j)"
                + " on conflict (partition, begun, address) do update set valid_to = excluded.valid_to,"
                + " ended = excluded.ended, end_told = excluded.end_told, end_reason = excluded.end_reason";
        try (var upsert = new Columns<>(connection, assignments, sql)) {
            upsert.texts(assignment -> assignment.address().value())
                    .ints(assignment -> assignment.begun().partition())
                    .longs(assignment -> assignment.begun().sequence())
                    .texts(assignment -> assignment.node().value())
                    .texts(assignment -> assignment.eni().value())
                    .moments(Assignment::from)
                    .optionalMoments(assignment -> assignment.end().map(End::at))
                    .optionalLongs(
                            assignment -> assignment.end().map(End::position).map(Position::sequence))
                    .optionalMoments(assignment -> assignment.end().map(End::told))
                    .optionalTexts(assignment ->
                            assignment.end().map(end -> end.reason().name()))
                    .execute();
        }
    }

    private void writeConflicts(List<Conflict> conflicts) throws SQLException {
        var sql = "insert into " + schema + ".conflict (address, first_partition, first_begun, second_partition,"
                + " second_begun, since) select a::inet, b, c, d, e, " + Columns.moment("f")
                + " from unnest(?, ?, ?, ?, ?, ?) as t(a, b, c, d, e, f) on conflict do nothing";
        try (var insert = new Columns<>(connection, conflicts, sql)) {
            insert.texts(conflict -> conflict.address().value())
                    .ints(conflict -> conflict.first().partition())
                    .longs(conflict -> conflict.first().sequence())
                    .ints(conflict -> conflict.second().partition())
                    .longs(conflict -> conflict.second().sequence())
                    .moments(Conflict::since)
                    .execute();
        }
    }

    /// Records of different partitions have no order, only times, and the end of the earlier holding may be projected
    /// after the beginning of the later one. So pairs are judged anew whenever one of them has changed.
    private void compareBetweenPartitions(Collection<Holding> touched) throws SQLException {
        var uncertainty = " + interval '" + Clocks.UNCERTAINTY.toMillis() + " milliseconds'";
        var apart = "x.partition <> y.partition and x.valid_to > y.valid_from" + uncertainty
                + " and y.valid_to > x.valid_from" + uncertainty;
        var settled = "delete from " + schema + ".conflict c using unnest(?, ?, ?) as t(a, p, b), "
                + schema + ".holding x, " + schema + ".holding y"
                + " where c.address = t.a::inet and c.first_partition <> c.second_partition"
                + " and ((c.first_partition = t.p and c.first_begun = t.b)"
                + " or (c.second_partition = t.p and c.second_begun = t.b))"
                + " and x.partition = c.first_partition and x.begun = c.first_begun and x.address = c.address"
                + " and y.partition = c.second_partition and y.begun = c.second_begun and y.address = c.address"
                + " and not (" + apart + ")";
        keys(touched, settled);
        var found = "insert into " + schema + ".conflict (address, first_partition, first_begun, second_partition,"
                + " second_begun, since) select x.address, f.partition, f.begun, s.partition, s.begun, s.valid_from"
                + " from unnest(?, ?, ?) as t(a, p, b)"
                + " join " + schema + ".holding x on x.partition = t.p and x.begun = t.b and x.address = t.a::inet"
                + " join " + schema + ".holding y on y.address = x.address and " + apart
                + " cross join lateral (values (x.valid_from, x.partition, x.begun), (y.valid_from, y.partition, y.begun)"
                + " order by 1, 2 limit 1) as f(valid_from, partition, begun)"
                + " cross join lateral (values (x.valid_from, x.partition, x.begun), (y.valid_from, y.partition, y.begun)"
                + " order by 1 desc, 2 desc limit 1) as s(valid_from, partition, begun)"
                + " on conflict do nothing";
        keys(touched, found);
    }

    private void keys(Collection<Holding> touched, String sql) throws SQLException {
        try (var statement = new Columns<>(connection, touched, sql)) {
            statement
                    .texts(holding -> holding.address().value())
                    .ints(holding -> holding.begun().partition())
                    .longs(holding -> holding.begun().sequence())
                    .execute();
        }
    }
}
