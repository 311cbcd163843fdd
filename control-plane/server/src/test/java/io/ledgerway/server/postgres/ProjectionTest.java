package io.ledgerway.server.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.ledgerway.domain.audit.LogJournal;
import io.ledgerway.domain.audit.Whereabouts;
import io.ledgerway.embedded.EmbeddedPostgres;
import io.ledgerway.server.run.Audit;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProjectionTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");

    private Database database;

    @BeforeEach
    void emptyDatabase() throws SQLException {
        database = TestDatabase.empty();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void projectionFollowsTheLogAsItGrows() throws SQLException {
        var script = ScriptedLog.ofAbout(21, 300);
        var log = LogInMemory.holding(script);
        try (var projection = Projection.start(log, database)) {
            await(() -> isLevel(projection), projection);
            var before = script.size();
            while (script.size() < 400) {
                script.step();
            }
            for (var records : script.partitions()) {
                records.stream()
                        .filter(record -> record.sequence()
                                >= log.committed(record.partition()).getAsLong())
                        .forEach(log::commit);
            }
            await(() -> isLevel(projection), projection);

            assertTrue(script.size() > before);
            assertEquals(ProjectionStatus.State.FOLLOWING, projection.status().state());
            assertEquals(script.size(), projection.status().records());
            assertTablesEqual(script, Slot.A);
        }
    }

    @Test
    void twoProjectionsWriteEachRecordOnceAndTheSecondTakesOverWhenTheFirstStops() throws SQLException {
        var script = ScriptedLog.ofAbout(22, 2_500);
        var log = new LogInMemory(ScriptedLog.PARTITIONS);
        try (var second = Projection.start(log, database)) {
            try (var first = Projection.start(log, database)) {
                script.interleaved(22).subList(0, 1_500).forEach(log::commit);
                await(() -> first.lag() == 0 || second.lag() == 0, first);
            }
            script.interleaved(22).subList(1_500, script.size()).forEach(log::commit);
            await(() -> isLevel(second), second);
        }
        assertTablesEqual(script, Slot.A);
    }

    @Test
    void projectionOfAnotherLogIsRefusedAndNothingIsWritten() throws SQLException {
        var script = ScriptedLog.ofAbout(24, 200);
        try (var projection = Projection.start(LogInMemory.holding(script), database)) {
            await(() -> isLevel(projection), projection);
        }
        var before = TestDatabase.contents(database, Slot.A);

        try (var projection = Projection.start(LogInMemory.holding(ScriptedLog.ofAbout(25, 300)), database)) {
            await(() -> projection.status().state() == ProjectionStatus.State.REFUSING, projection);

            assertTrue(
                    projection.status().problem().contains("another log"),
                    projection.status().problem());
        }
        assertEquals(TestDatabase.contents(database, Slot.A), before, "after another log");
    }

    @Test
    void logThatIsShorterThanWhatWasProjectedIsRefused() throws SQLException {
        try (var projection = Projection.start(LogInMemory.holding(ScriptedLog.ofAbout(24, 200)), database)) {
            await(() -> isLevel(projection), projection);
        }

        try (var projection = Projection.start(LogInMemory.holding(new ScriptedLog(24)), database)) {
            await(() -> projection.status().state() == ProjectionStatus.State.REFUSING, projection);
        }
    }

    @Test
    void logThatAnotherOwnerHasLengthenedUnseenIsNotTakenForAnotherLog() throws SQLException {
        var script = ScriptedLog.ofAbout(24, 200);
        try (var projection = Projection.start(LogInMemory.holding(script), database)) {
            await(() -> isLevel(projection), projection);
        }
        var seen = new LogInMemory(ScriptedLog.PARTITIONS);
        script.partitions()
                .forEach(records -> records.subList(0, records.size() - 1).forEach(seen::commit));
        seen.deposed(true);

        try (var projection = Projection.start(seen, database)) {
            await(() -> projection.status().state() == ProjectionStatus.State.RETRYING, projection);
            assertTrue(
                    projection.status().problem().contains("another owner"),
                    projection.status().problem());

            seen.deposed(false);
            script.partitions().forEach(records -> seen.commit(records.getLast()));
            await(() -> isLevel(projection), projection);
        }
    }

    @Test
    void projectionGoesOnWhenPostgresComesBack(@TempDir Path folder) throws SQLException {
        var script = ScriptedLog.ofAbout(26, 200);
        var log = LogInMemory.holding(script);
        int port;
        try (var server = EmbeddedPostgres.start(folder, 0)) {
            port = Integer.parseInt(server.jdbcUrl().replaceAll(".*:(\\d+)/.*", "$1"));
        }
        var password = password(folder);
        try (var away = Database.at("jdbc:postgresql://127.0.0.1:" + port + "/ledgerway", "ledgerway", password);
                var projection = Projection.start(log, away)) {
            await(() -> projection.status().state() == ProjectionStatus.State.RETRYING, projection);
            assertEquals(script.size(), projection.lag());
            var audit = new PostgresAudit(log, away, () -> NOW);
            assertThrows(Audit.Unavailable.class, () -> audit.ask((journal, coverage) -> journal.openHoldings()));

            try (var server = EmbeddedPostgres.start(folder, port)) {
                assertTrue(server.jdbcUrl().contains(":" + port + "/"));
                await(() -> isLevel(projection), projection);
                assertTablesEqual(script, Slot.A, away);
            }
            await(() -> projection.status().state() == ProjectionStatus.State.RETRYING, projection);
        }
    }

    @Test
    void answerSaysHowMuchOfTheLogItRestsOn() throws SQLException {
        var script = ScriptedLog.ofAbout(27, 400);
        var log = LogInMemory.holding(script);
        try (var projection = Projection.start(log, database)) {
            await(() -> isLevel(projection), projection);
        }
        var journal = new LogJournal();
        script.interleaved(1).forEach(journal::add);
        var holding = journal.openHoldings().getFirst();
        var audit = new PostgresAudit(log, database, () -> NOW);

        assertInstanceOf(
                Whereabouts.Verdict.Held.class,
                at(audit, holding.address(), NOW).verdict());

        // Nobody projects any more, so a new record leaves the answer behind the log.
        script.append(0, ScriptedLog.name(0), event());
        log.commit(script.partitions().getFirst().getLast());
        var behind = audit.ask((j, coverage) -> coverage).coverage();
        assertEquals(1L, behind.parts().getFirst().behindAtMost().orElseThrow());
        assertInstanceOf(
                Whereabouts.Verdict.Unknown.class,
                at(audit, holding.address(), NOW).verdict());
        assertInstanceOf(
                Whereabouts.Verdict.Held.class,
                at(audit, holding.address(), holding.from()).verdict());

        log.reachable(false);
        var alone = audit.ask((j, coverage) -> coverage).coverage();
        assertTrue(alone.parts().stream().allMatch(part -> part.behindAtMost().isEmpty()));
        assertInstanceOf(
                Whereabouts.Verdict.Unknown.class,
                at(audit, holding.address(), NOW).verdict());
    }

    private static Whereabouts at(Audit audit, io.ledgerway.domain.IpAddress address, Instant time) {
        return audit.ask((journal, coverage) -> Whereabouts.of(journal, coverage, address, time))
                .value();
    }

    private static io.ledgerway.domain.node.NodeEvent event() {
        return new io.ledgerway.domain.node.NodeEvent.GrowthReopened(NOW);
    }

    private static boolean isLevel(Projection projection) {
        return projection.status().state() == ProjectionStatus.State.FOLLOWING && projection.lag() == 0;
    }

    private void assertTablesEqual(ScriptedLog script, Slot slot) throws SQLException {
        assertTablesEqual(script, slot, database);
    }

    private static void assertTablesEqual(ScriptedLog script, Slot slot, Database database) throws SQLException {
        var journal = new LogJournal();
        script.interleaved(1).forEach(journal::add);
        assertEquals(Contents.of(journal), TestDatabase.contents(database, slot), "whole log in " + slot);
    }

    private static String password(Path folder) {
        try {
            return java.nio.file.Files.readString(folder.resolve("password"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void await(BooleanSupplier condition, Projection projection) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("not within " + LIMIT + "; the projection says " + projection.status());
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
