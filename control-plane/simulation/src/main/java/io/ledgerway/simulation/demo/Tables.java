package io.ledgerway.simulation.demo;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// PostgreSQL asked in SQL, and not through the control plane that fills it.
public final class Tables {

    private static final String LIVE = "select live from ledgerway.projection order by version desc limit 1";

    private Tables() {}

    /// One pod's time with one address, ended or not.
    ///
    /// @param to `infinity` while it lasts
    public record Holding(String podUid, String address, String to) {

        public boolean ended() {
            return !to.equals("infinity");
        }
    }

    /// What is held and assigned now, and every conflict.
    static List<String> current() {
        return rows("""
                        select 'holding ' || to_jsonb(t)::text from %1$s.holding t where valid_to = 'infinity'
                        union all
                        select 'assignment ' || to_jsonb(t)::text from %1$s.assignment t where valid_to = 'infinity'
                        union all
                        select 'conflict ' || to_jsonb(t)::text from %1$s.conflict t
                        """).stream().map(List::getFirst).toList();
    }

    /// All holdings of all time, in the order of the log.
    public static List<Holding> history() {
        return rows("select pod_uid, host(address), valid_to::text from %s.holding order by partition, begun").stream()
                .map(row -> new Holding(row.get(0), row.get(1), row.get(2)))
                .toList();
    }

    /// @param query with the live schema's place in it
    private static List<List<String>> rows(String query) {
        var url = setting("LEDGERWAY_POSTGRES_URL");
        try (var connection = DriverManager.getConnection(
                        url, setting("LEDGERWAY_POSTGRES_USER"), setting("LEDGERWAY_POSTGRES_PASSWORD"));
                var statement = connection.createStatement()) {
            String schema;
            try (var live = statement.executeQuery(LIVE)) {
                live.next();
                schema = live.getString(1);
            }
            var all = new ArrayList<List<String>>();
            try (var rows = statement.executeQuery(query.formatted(schema))) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    var row = new ArrayList<String>();
                    for (int column = 1; column <= columns; column++) {
                        row.add(rows.getString(column));
                    }
                    all.add(row);
                }
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL at " + url + " cannot be asked: " + e.getMessage(), e);
        }
    }

    private static String setting(String variable) {
        return Optional.ofNullable(System.getenv(variable))
                .orElseThrow(() -> new IllegalStateException("the launcher should have set " + variable));
    }
}
