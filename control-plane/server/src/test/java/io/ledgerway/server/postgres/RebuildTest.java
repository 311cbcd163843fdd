package io.ledgerway.server.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ledgerway.domain.audit.LogJournal;
import io.ledgerway.server.testing.Eventually;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// PostgreSQL is rebuilt from the log alone, whatever has become of its rows.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RebuildTest {

    private static final List<String> TABLES =
            List.of("projection_position", "event_journal", "event_address", "holding", "assignment", "conflict");

    private Database database;

    @BeforeEach
    void emptyDatabase() throws SQLException {
        database = TestDatabase.empty();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void project(LogInMemory log) {
        try (var projection = Projection.start(log, database)) {
            awaitLevel(projection);
        }
    }

    private static void awaitLevel(Projection projection) {
        Eventually.eventually(
                "the projection to follow the log",
                () -> projection.status().state() == ProjectionStatus.State.FOLLOWING && projection.lag() == 0,
                projection::status);
    }

    private Slot live() throws SQLException {
        return new Schemas(database.source()).live();
    }

    /// What the server itself makes of all rows of each table.
    private Map<String, String> checksums(Slot slot) throws SQLException {
        return new Transactions(database.source()).read(connection -> {
            var sums = new LinkedHashMap<String, String>();
            for (var table : TABLES) {
                try (var statement = connection.createStatement();
                        var row = statement.executeQuery("select count(*) || ' rows ' || coalesce(md5(string_agg("
                                + "t::text, '|' order by t::text)), '') from " + slot.schema() + "." + table
                                + " t")) {
                    row.next();
                    sums.put(table, row.getString(1));
                }
            }
            return sums;
        });
    }

    @Test
    void aProjectionThatLostAllItsRowsIsRebuiltToTheSameChecksums() throws Exception {
        var script = ScriptedLog.ofAbout(31, 1_500);
        var log = LogInMemory.holding(script);
        project(log);
        var before = checksums(Slot.A);
        TestDatabase.execute(
                database,
                TABLES.stream()
                        .map(table -> "delete from " + Slot.A.schema() + "." + table)
                        .toArray(String[]::new));

        var result = Rebuild.run(log, database);

        assertEquals(script.size(), result.records());
        assertEquals(Slot.B, live());
        assertEquals(before, checksums(Slot.B));
        assertThrows(SQLException.class, () -> checksums(Slot.A), "the old tables are gone");
    }

    @Test
    void aDatabaseThatLostEverythingIsRebuiltToTheSameChecksums() throws Exception {
        var log = LogInMemory.holding(ScriptedLog.ofAbout(32, 400));
        project(log);
        var before = checksums(Slot.A);
        TestDatabase.empty().close();

        Rebuild.run(log, database);

        assertEquals(before, checksums(live()));
    }

    @Test
    void rowsThatSomebodyChangedAreRightAfterARebuild() throws Exception {
        var log = LogInMemory.holding(ScriptedLog.ofAbout(33, 400));
        project(log);
        var before = checksums(Slot.A);
        TestDatabase.execute(database, "update " + Slot.A.schema() + ".holding set pod_name = 'somebody else'");

        Rebuild.run(log, database);

        assertEquals(before, checksums(live()));
    }

    @Test
    void aProjectionThatRunsMeanwhileGoesOnInTheNewTables() throws Exception {
        var script = ScriptedLog.ofAbout(34, 1_500);
        var log = LogInMemory.holding(script);
        try (var projection = Projection.start(log, database)) {
            awaitLevel(projection);

            Rebuild.run(log, database);
            int known = script.size();
            while (script.size() < known + 100) {
                script.step();
            }
            commitNew(script, log);

            awaitLevel(projection);
            Eventually.eventually("the new records", () -> entries(Slot.B) == script.size(), () -> entries(Slot.B));
        }
        var journal = new LogJournal();
        script.interleaved(1).forEach(journal::add);
        assertEquals(Contents.of(journal), TestDatabase.contents(database, Slot.B));
    }

    @Test
    void whatIsCommittedDuringARebuildIsInItOrComesAfterIt() throws Exception {
        var script = ScriptedLog.ofAbout(35, 3_000);
        var log = new LogInMemory(ScriptedLog.PARTITIONS);
        var all = script.interleaved(35);
        all.subList(0, 1_500).forEach(log::commit);
        try (var projection = Projection.start(log, database)) {
            awaitLevel(projection);
            var writer = Thread.ofVirtual()
                    .start(() -> all.subList(1_500, all.size()).forEach(log::commit));

            Rebuild.run(log, database);

            writer.join();
            Eventually.eventually("every record", () -> entries(Slot.B) == all.size(), projection::status);
        }
        var journal = new LogJournal();
        all.forEach(journal::add);
        assertEquals(Contents.of(journal), TestDatabase.contents(database, Slot.B));
    }

    @Test
    void tablesOfAnotherAndLongerLogAreReplaced() throws Exception {
        project(LogInMemory.holding(ScriptedLog.ofAbout(36, 500)));
        var script = ScriptedLog.ofAbout(37, 200);
        var log = LogInMemory.holding(script);

        Rebuild.run(log, database);

        var journal = new LogJournal();
        script.interleaved(1).forEach(journal::add);
        assertEquals(Contents.of(journal), TestDatabase.contents(database, live()));
        project(log);
    }

    private long entries(Slot slot) {
        try {
            return TestDatabase.contents(database, slot).entries().size();
        } catch (SQLException e) {
            return -1;
        }
    }

    private static void commitNew(ScriptedLog script, LogInMemory log) {
        for (var records : script.partitions()) {
            records.stream()
                    .filter(record -> record.sequence()
                            >= log.committed(record.partition()).getAsLong())
                    .forEach(log::commit);
        }
    }
}
