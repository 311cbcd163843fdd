package io.ledgerway.server.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Envelope;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever somebody does to the rows is found, and named.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProjectionCheckTest {

    private final ScriptedLog script = ScriptedLog.ofAbout(41, 300);
    private Database database;

    @BeforeEach
    void projected() throws SQLException {
        database = TestDatabase.empty();
        var slot = new Schemas(database.source()).prepare();
        var projector = Projector.load(new Transactions(database.source()), slot, ScriptedLog.PARTITIONS);
        projector.apply(script.interleaved(41));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private List<String> differences(List<List<Envelope>> log) throws SQLException {
        return ProjectionCheck.read(database).compare(log);
    }

    @Test
    void rowsThatNobodyTouchedAreEqual() throws SQLException {
        var result = ProjectionCheck.read(database);

        assertEquals(List.of(), result.compare(script.partitions()));
        assertTrue(result.rows() > script.size(), "more rows than records: " + result.rows());
    }

    /// `T` stands for the table, and `ONE` for its first row.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "holding | update T set pod_name = 'other' where ONE | podName: the log makes it",
                "holding | update T set node = 'other' where ONE | node: the log makes it",
                "holding | update T set valid_from = valid_from - interval '1 microsecond' where ONE | from: the log",
                "holding | update T set ended = null, end_reason = null, valid_to = 'infinity' where end_reason is not null"
                        + " | end: the log makes it",
                "holding | delete from T where ONE | PostgreSQL lacks Holding",
                "holding | insert into T select '192.0.2.1', partition, begun, pod_uid, interface_name, namespace, pod_name,"
                        + " node, eni, valid_from, told, valid_to, ended, end_told, end_reason from T where ONE | which the log does not make",
                "assignment | update T set eni = 'other' where ONE | eni: the log makes it",
                "assignment | delete from T where ONE | PostgreSQL lacks Assignment",
                "event_journal | update T set actor = 'nobody' where ONE | actor: the log makes it",
                "event_journal | update T set event = '{}' where ONE | event: the log makes it",
                "event_journal | update T set recorded_at = recorded_at + interval '1 ms' where ONE | recordedAt: the log",
                "event_journal | update T set sentence = 'nothing happened' where ONE | sentence: the log makes it",
                "event_journal | delete from T where ONE | PostgreSQL lacks JournalEntry",
                "event_address | delete from T where ONE | PostgreSQL lacks Named",
                "event_address | update T set type = 'Other' where ONE | type: the log makes it",
                "conflict | insert into T values ('192.0.2.1', 0, 1, 0, 2, now()) | which the log does not make",
                "contact | update T set word = word + interval '1 ms' where ONE | word: the log makes it",
                "contact | delete from T where ONE | PostgreSQL lacks Contact",
                "gap | insert into T values ('node-1', '', 0, 1, 'JOURNAL_LOST', now(), now()) | which the log does not make",
                "unexplained | insert into T values (0, 1) | which the log does not make",
                "projection_position | update T set next_sequence = next_sequence + 1000 | which the log does not have",
                "projection_position | update T set last_event_id = 'other' | PostgreSQL holds the projection of another",
                "projection_position | delete from T where partition = 1 | PostgreSQL has positions of [0, 2]",
            })
    void everyChangeOfARowIsFound(String table, String change, String told) throws SQLException {
        var qualified = Slot.A.schema() + "." + table;
        TestDatabase.execute(
                database,
                change.replace("ONE", "ctid = (select min(ctid) from " + qualified + ")")
                        .replaceAll("\\bT\\b", qualified));

        var differences = differences(script.partitions());

        assertTrue(
                differences.stream().anyMatch(difference -> difference.contains(told)),
                () -> "expected: " + told + "; told: " + differences);
    }

    @Test
    void aRecordThatTheLogHasLostIsFound() throws SQLException {
        var log = new ArrayList<>(script.partitions());
        log.set(1, log.get(1).subList(0, log.get(1).size() - 1));

        assertEquals(
                List.of("PostgreSQL is at 1:" + log.get(1).size() + ", which the log does not have"), differences(log));
    }

    @Test
    void aLastRecordThatSaysSomethingElseIsFound() throws SQLException {
        var log = new ArrayList<>(script.partitions());
        var records = new ArrayList<>(log.get(1));
        var last = records.removeLast();
        records.add(new Envelope(
                last.cluster(),
                last.stream(),
                last.partition(),
                last.sequence(),
                last.id(),
                last.causation(),
                last.correlation(),
                "somebody else",
                last.validFrom(),
                last.recordedAt(),
                last.cloudRequestId(),
                last.schemaVersion(),
                last.previousHash(),
                last.event()));
        log.set(1, records);

        var differences = differences(log);

        assertEquals(1, differences.size(), differences::toString);
        assertTrue(
                differences.getFirst().startsWith("record 1:" + last.sequence() + ": actor: the log makes it somebody"),
                differences::toString);
    }

    @Test
    void recordsThatAreNotProjectedYetAreNoDifference() throws SQLException {
        int known = script.size();
        while (script.size() < known + 20) {
            script.step();
        }

        assertEquals(List.of(), differences(script.partitions()));
    }

    @Test
    void aDatabaseWithoutAProjectionSaysSo() throws SQLException {
        TestDatabase.execute(database, "delete from " + Schemas.LEDGER + ".projection");

        assertEquals(List.of("nothing has been projected into PostgreSQL yet"), differences(script.partitions()));
    }
}
