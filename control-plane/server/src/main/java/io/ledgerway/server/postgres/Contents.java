package io.ledgerway.server.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.domain.audit.Assignment;
import io.ledgerway.domain.audit.Conflict;
import io.ledgerway.domain.audit.Holding;
import io.ledgerway.domain.audit.JournalEntry;
import io.ledgerway.domain.audit.LogJournal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All that a projection says, to be compared with all that the log says.
record Contents(
        List<JournalEntry> entries, List<Holding> holdings, List<Assignment> assignments, List<Conflict> conflicts) {

    private static final Comparator<Holding> HOLDINGS =
            Comparator.comparing(Holding::begun).thenComparing(Holding::address);
    private static final Comparator<Assignment> ASSIGNMENTS =
            Comparator.comparing(Assignment::begun).thenComparing(Assignment::address);
    private static final Comparator<Conflict> CONFLICTS = Comparator.comparing(Conflict::address)
            .thenComparing(Conflict::first)
            .thenComparing(Conflict::second);

    static Contents of(LogJournal journal) {
        return new Contents(
                List.copyOf(journal.entries()),
                journal.allHoldings().stream().sorted(HOLDINGS).toList(),
                journal.assignments().stream().sorted(ASSIGNMENTS).toList(),
                journal.conflicts().stream().sorted(CONFLICTS).toList());
    }

    static Contents in(Database database, Slot slot) throws SQLException {
        return new Transactions(database.source()).read(connection -> in(connection, slot));
    }

    private static Contents in(Connection connection, Slot slot) throws SQLException {
        var from = " from " + slot.schema() + ".";
        return new Contents(
                all(
                        connection,
                        "select " + Rows.ENTRY + from + "event_journal j order by partition, sequence",
                        Rows::entry),
                all(connection, "select " + Rows.HOLDING + from + "holding", Rows::holding).stream()
                        .sorted(HOLDINGS)
                        .toList(),
                all(connection, "select " + Rows.ASSIGNMENT + from + "assignment", Rows::assignment).stream()
                        .sorted(ASSIGNMENTS)
                        .toList(),
                all(connection, "select " + Rows.CONFLICT + from + "conflict", Rows::conflict).stream()
                        .sorted(CONFLICTS)
                        .toList());
    }

    void assertEqual(Contents other, String when) {
        assertEquals(entries, other.entries, when);
        assertEquals(holdings, other.holdings, when);
        assertEquals(assignments, other.assignments, when);
        assertEquals(conflicts, other.conflicts, when);
    }

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private static <T> List<T> all(Connection connection, String sql, Row<T> row) throws SQLException {
        var found = new ArrayList<T>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(row.of(rows));
            }
        }
        return found;
    }
}
