package io.ledgerway.server.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.audit.Clocks;
import io.ledgerway.domain.audit.LogJournal;
import io.ledgerway.domain.audit.Story;
import io.ledgerway.domain.audit.Subjects;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.server.postgres.BreakingSource.Fault;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a real PostgreSQL: what the tables say is what the log says, at every prefix and through every crash.
class ProjectorTest {

    private Database database;
    private Transactions transactions;
    private Slot slot;

    @BeforeEach
    void emptyDatabase() throws SQLException {
        database = TestDatabase.empty();
        transactions = new Transactions(database.source());
        slot = new Schemas(database.source()).prepare();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void tablesSayWhatTheLogSaysAtEveryPrefix(long seed) throws SQLException {
        var records = ScriptedLog.ofAbout(seed, 400).interleaved(seed);
        var random = new Random(seed);
        var journal = new LogJournal();
        var projector = load();

        for (int next = 0; next < records.size(); ) {
            var batch = records.subList(next, Math.min(records.size(), next + 1 + random.nextInt(25)));
            projector.apply(batch);
            batch.forEach(journal::add);
            next += batch.size();
            assertEquals(
                    Contents.of(journal), TestDatabase.contents(database, slot), "seed " + seed + ", after " + next);
            if (random.nextInt(4) == 0) {
                projector = load();
            }
        }
        assertTrue(journal.allHoldings().size() > 20, "the script must make holdings");
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void storiesFromTheTablesAreThoseFromTheLog(long seed) throws SQLException {
        var script = ScriptedLog.ofAbout(seed, 600);
        var journal = new LogJournal();
        script.interleaved(seed).forEach(journal::add);
        load().apply(script.interleaved(seed));

        transactions.read(connection -> {
            var tables = new PostgresJournal(connection, slot);
            assertEquals(journal.openHoldings(), tables.openHoldings());
            for (var holding : journal.allHoldings()) {
                var pod = holding.attachment().pod();
                var address = holding.address();
                assertEquals(Story.ofPod(journal, pod), Story.ofPod(tables, pod));
                assertEquals(Story.ofAddress(journal, address), Story.ofAddress(tables, address));
                assertEquals(journal.assignmentsOf(address), tables.assignmentsOf(address));
                var name = new Subjects.PodName(holding.namespace(), holding.podName());
                assertEquals(
                        journal.podsNamed(name).stream().sorted(BY_TEXT).toList(),
                        tables.podsNamed(name).stream().sorted(BY_TEXT).toList());
                for (var time : List.of(
                        holding.from(),
                        holding.from().minusMillis(1),
                        holding.from().plusSeconds(9))) {
                    assertEquals(journal.holdingsEndingAfter(address, time), tables.holdingsEndingAfter(address, time));
                }
            }
            for (int node = 0; node < 5; node++) {
                assertEquals(
                        Story.ofNode(journal, ScriptedLog.name(node)), Story.ofNode(tables, ScriptedLog.name(node)));
            }
            return null;
        });
    }

    private static final java.util.Comparator<PodUid> BY_TEXT = java.util.Comparator.comparing(PodUid::value);

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void crashesAroundCommitsLoseAndRepeatNothing(long seed) throws SQLException {
        var records = ScriptedLog.ofAbout(seed, 500).interleaved(seed);
        var faults = new Random(seed);
        var breaking = new Transactions(new BreakingSource(database.source(), n -> anyFault(faults)).source());
        int crashes = projectThroughCrashes(records, batch -> {
            Projector.load(breaking, slot, ScriptedLog.PARTITIONS).apply(batch);
        });

        assertTrue(crashes > 5, "only " + crashes + " crashes");
        assertTablesEqual(records);
    }

    @Test
    void positionOutsideTheTransactionLosesRowsAtACrashAndIsCaught() throws SQLException {
        var records = ScriptedLog.ofAbout(7, 500).interleaved(7);
        projectThroughCrashes(records, batch -> applyWithPositionApart(transactions, batch));
        // Without a crash nothing is wrong with it, so what is caught below is the crash.
        assertTablesEqual(records);

        emptyDatabase();
        var faults = new Random(7);
        var breaking = new Transactions(new BreakingSource(database.source(), n -> anyFault(faults)).source());
        projectThroughCrashes(records, batch -> applyWithPositionApart(breaking, batch));

        assertThrows(AssertionError.class, () -> assertTablesEqual(records));
    }

    /// The planted bug: the position moves in a transaction of its own, before the rows.
    private void applyWithPositionApart(Transactions planted, List<Envelope> batch) throws SQLException {
        var before = transactions.read(connection -> Reached.read(connection, slot));
        var after = new TreeMap<>(before);
        batch.forEach(record -> after.compute(record.partition(), (partition, reached) -> reached.after(record)));
        var folded = Batch.fold(transactions.read(connection -> Projector.openIn(connection, slot)), batch);
        planted.write(connection -> {
            Reached.move(connection, slot, before.values(), after.values());
            return null;
        });
        planted.write(connection -> {
            new Tables(connection, slot).write(folded);
            return null;
        });
    }

    private interface Attempt {
        void apply(List<Envelope> batch) throws SQLException;
    }

    /// Projects everything, from where the tables are again after each crash.
    private int projectThroughCrashes(List<Envelope> records, Attempt attempt) throws SQLException {
        load();
        int crashes = 0;
        while (true) {
            var reached = transactions.read(connection -> Reached.read(connection, slot));
            var rest = records.stream()
                    .filter(record ->
                            record.sequence() >= reached.get(record.partition()).next())
                    .limit(20)
                    .toList();
            if (rest.isEmpty()) {
                return crashes;
            }
            try {
                attempt.apply(rest);
            } catch (SQLException e) {
                crashes++;
            }
        }
    }

    private static Fault anyFault(Random random) {
        return Fault.values()[random.nextInt(Fault.values().length)];
    }

    @Test
    void ofTwoProjectorsOneIsOvertakenAndTheTablesStayRight() throws SQLException {
        var records = ScriptedLog.ofAbout(10, 200).interleaved(10);
        var one = load();
        var other = load();
        one.apply(records.subList(0, 50));

        assertThrows(Overtaken.class, () -> other.apply(records.subList(0, 30)));
        assertThrows(IllegalStateException.class, () -> other.apply(records.subList(0, 30)));

        var again = load();
        again.apply(records.subList(50, records.size()));
        assertTablesEqual(records);
    }

    @Test
    void positionThatMovedUnderTheGuardIsNotOverwritten() throws SQLException {
        var records = ScriptedLog.ofAbout(10, 60).interleaved(10);
        var projector = load();
        var before = projector.reached();
        projector.apply(records.subList(0, 20));

        var after = projector.reached();
        assertThrows(
                Overtaken.class,
                () -> transactions.write(connection -> {
                    Reached.move(connection, slot, before.values(), after.values());
                    return null;
                }));
    }

    @Test
    void recordThatDoesNotComeNextIsRefused() throws SQLException {
        var records = ScriptedLog.ofAbout(11, 60).partitions().getFirst();
        var projector = load();
        projector.apply(records.subList(0, 3));

        assertThrows(OtherLog.class, () -> projector.apply(records.subList(4, 5)));
        assertThrows(OtherLog.class, () -> load().apply(records.subList(2, 3)));
    }

    @Test
    void timesFinerThanPostgresKeepsThemDoNotConfuseThePosition() throws SQLException {
        var script = ScriptedLog.ofAbout(12, 60);
        var records = script.partitions().getFirst();
        var fine = records.stream().map(ProjectorTest::withNanos).toList();
        var projector = load();
        projector.apply(fine.subList(0, 5));
        projector.apply(fine.subList(5, 9));

        assertEquals(projector.reached(), load().reached());
    }

    private static Envelope withNanos(Envelope e) {
        return new Envelope(
                e.cluster(),
                e.stream(),
                e.partition(),
                e.sequence(),
                e.id(),
                e.causation(),
                e.correlation(),
                e.actor(),
                e.validFrom().plusNanos(999),
                e.recordedAt().plusNanos(501),
                e.cloudRequestId(),
                e.schemaVersion(),
                e.previousHash(),
                e.event());
    }

    @Test
    void secondHolderInTheSamePartitionIsInTheConflictTable() throws SQLException {
        var script = new ScriptedLog(13);
        script.append(0, ScriptedLog.name(0), allocated("a"));
        script.append(0, ScriptedLog.name(3), allocated("b"));
        load().apply(script.interleaved(1));

        assertEquals(1, TestDatabase.contents(database, slot).conflicts().size());
        assertTablesEqual(script.interleaved(1));
    }

    @Test
    void holdersInTwoPartitionsAreInConflictWhicheverIsProjectedFirst() throws SQLException {
        var script = new ScriptedLog(14);
        script.append(0, ScriptedLog.name(0), allocated("a"));
        script.append(1, ScriptedLog.name(1), allocated("b"));
        var projector = load();
        projector.apply(script.partitions().get(1));
        projector.apply(script.partitions().get(0));
        projector.apply(script.partitions().get(2));

        assertEquals(1, TestDatabase.contents(database, slot).conflicts().size());
        assertTablesEqual(script.interleaved(1));
    }

    @Test
    void addressThatMovedBetweenPartitionsIsNoConflictOnceItsFirstEndIsProjected() throws SQLException {
        var script = new ScriptedLog(15);
        script.append(0, ScriptedLog.name(0), allocated("a"));
        var removed = script.append(0, ScriptedLog.name(0), removed("a"));
        script.append(1, ScriptedLog.name(1), allocated("b"));
        var first = script.partitions().getFirst();
        var projector = load();
        projector.apply(first.subList(0, (int) removed.sequence()));
        projector.apply(script.partitions().get(1));
        assertEquals(1, TestDatabase.contents(database, slot).conflicts().size());

        projector.apply(first.subList((int) removed.sequence(), first.size()));
        projector.apply(script.partitions().get(2));

        assertEquals(List.of(), TestDatabase.contents(database, slot).conflicts());
        assertTablesEqual(script.interleaved(1));
    }

    @Test
    void whoHadAnAddressIsFoundByOneIndexProbe() throws SQLException {
        var script = ScriptedLog.ofAbout(16, 900);
        load().apply(script.interleaved(16).subList(0, 900));
        var plan = new ArrayList<String>();
        transactions.write(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("set local enable_seqscan = off");
                try (var rows = statement.executeQuery("explain (analyze, costs off, timing off) select "
                        + Rows.HOLDING + " from " + slot.schema() + ".holding where address = '10.0.0.3'::inet"
                        + " and valid_to > '2026-11-24T02:05:00Z' order by valid_to limit 1")) {
                    while (rows.next()) {
                        plan.add(rows.getString(1));
                    }
                }
            }
            return null;
        });

        assertTrue(plan.stream().anyMatch(line -> line.contains("Index Scan using holding_by_end")), plan.toString());
        assertTrue(plan.stream().noneMatch(line -> line.contains("Sort")), plan.toString());
    }

    private Projector load() throws SQLException {
        return Projector.load(transactions, slot, ScriptedLog.PARTITIONS);
    }

    private void assertTablesEqual(List<Envelope> records) throws SQLException {
        var journal = new LogJournal();
        records.forEach(journal::add);
        assertEquals(Contents.of(journal), TestDatabase.contents(database, slot), "whole log");
    }

    private static NodeEvent allocated(String pod) {
        return new NodeEvent.IpAllocated(
                new PodRequest(attachment(pod), new SandboxId("s"), "shop", pod, PodRequest.Dns.NONE),
                new Allocation.SharedEni(new EniId("eni"), List.of(new IpAddress("192.168.0.1"))));
    }

    private static NodeEvent removed(String pod) {
        return new NodeEvent.EndpointRemoved(
                attachment(pod), new SandboxId("s"), Instant.EPOCH.plus(Clocks.UNCERTAINTY));
    }

    private static AttachmentId attachment(String pod) {
        return new AttachmentId(new PodUid("uid-" + pod), "eth0");
    }
}
