package io.ledgerway.simulation.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.audit.Json;
import io.ledgerway.domain.audit.NodeJson;
import io.ledgerway.domain.audit.StateDigest;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.embedded.EmbeddedKafka;
import io.ledgerway.embedded.EmbeddedPostgres;
import io.ledgerway.schemas.EnvelopeCodec;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.LogTopics;
import io.ledgerway.simulation.audit.AnsweringServer;
import io.ledgerway.simulation.audit.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `./ledgerway replay` on a real broker and a real database: it says that what is equal is equal, and finds
/// whatever is not.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ReplayCommandTest {

    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static EmbeddedPostgres postgres;

    private final List<List<Envelope>> log = RecordedLog.whole();
    private final AnsweringServer server = new AnsweringServer();
    private String topic;

    @BeforeAll
    static void startBrokerAndDatabase() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0);
    }

    @AfterAll
    static void stopThem() {
        postgres.close();
        kafka.close();
    }

    @BeforeEach
    void logProjectionAndControlPlaneAgree() throws SQLException {
        sql(
                "drop schema if exists ledgerway cascade",
                "drop schema if exists ledgerway_v2_a cascade",
                "drop schema if exists ledgerway_v2_b cascade");
        topic = written(log);
        serve(fold());
        var rebuilt = replay("--rebuild");
        assertEquals(0, rebuilt.status(), rebuilt.err());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void sql(String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String written(List<List<Envelope>> log) {
        var topic = "replay-" + TOPICS.incrementAndGet();
        LogTopics.ensure(LogSettings.at(kafka.bootstrapServers()).withTopic(topic), log.size());
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int partition = 0; partition < log.size(); partition++) {
                for (var record : log.get(partition)) {
                    producer.send(new ProducerRecord<>(
                            topic,
                            partition,
                            record.stream().name().getBytes(StandardCharsets.UTF_8),
                            EnvelopeCodec.encode(record)));
                }
            }
        }
        return topic;
    }

    private Node fold() {
        var node = Node.EMPTY;
        for (var record : log.getFirst()) {
            if (record.event() instanceof NodeEvent event) {
                node = node.evolve(event);
            }
        }
        return node;
    }

    /// What a control plane says of its nodes: node-1 is in the first partition, node-2 in the second one.
    private void serve(Node first) {
        var second = Node.EMPTY;
        for (var record : log.getLast()) {
            if (record.event() instanceof NodeEvent event) {
                second = second.evolve(event);
            }
        }
        server.answer("/v1/nodes", "[{\"name\":\"node-1\"},{\"name\":\"node-2\"}]")
                .answer("/v1/audit/nodes/node-1/state", state("node-1", 0, first))
                .answer("/v1/audit/nodes/node-2/state", state("node-2", 1, second));
    }

    private String state(String name, int partition, Node node) {
        return Json.text(Json.object(
                "name",
                name,
                "position",
                Json.object(
                        "partition", partition, "sequence", log.get(partition).size() - 1, "epoch", 1),
                "digest",
                StateDigest.of(node),
                "state",
                NodeJson.of(node)));
    }

    private Run replay(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        var between = postgres.jdbcUrl().contains("?") ? "&" : "?";
        if (!all.contains("--postgres")) {
            all.addAll(List.of("--postgres", postgres.jdbcUrl() + between + "password=" + postgres.password()));
        }
        all.addAll(List.of("--postgres-user", postgres.user()));
        all.addAll(List.of("--bootstrap", kafka.bootstrapServers(), "--topic", topic, "--server", server.url()));
        return Run.of(new ReplayCommand(), all.toArray(String[]::new));
    }

    private static void assertDiffers(Run run, String told) {
        assertEquals(1, run.status(), () -> run.out() + run.err());
        assertTrue(run.out().contains(told), () -> "expected: " + told + "\n" + run.out() + run.err());
    }

    @Test
    void whatAgreesIsSaidToAgree() throws IOException {
        var json = folder.resolve("agrees.json");

        var run = replay("--check", "--json", json.toString());

        assertEquals(0, run.status(), () -> run.out() + run.err());
        assertTrue(run.out().contains("sequences dense, hash chain whole"), run.out());
        assertTrue(run.out().contains("Compared 2 nodes with the running control plane"), run.out());
        assertTrue(run.out().contains("all equal"), run.out());
        var told = MAPPER.readTree(json.toFile());
        assertTrue(told.path("agrees").asBoolean());
        assertEquals(
                log.getFirst().size() + log.getLast().size(),
                told.path("records").asInt());
        assertEquals(0, told.path("differences").size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "update ledgerway_v2_b.holding set pod_name = 'other' where pod_name = 'db'"
                        + " | podName: the log makes it db, PostgreSQL has other",
                "delete from ledgerway_v2_b.holding where pod_name = 'db' | PostgreSQL lacks Holding",
                "insert into ledgerway_v2_b.holding (address, partition, begun, pod_uid, interface_name, namespace,"
                        + " pod_name, node, eni, valid_from, told) values ('192.0.2.9', 0, 3, 'u', 'eth0', 'n', 'p', 'node-1',"
                        + " 'eni-1', now(), now()) | holding 192.0.2.9 begun at 0:3: PostgreSQL has",
                "update ledgerway_v2_b.event_journal set sentence = 'nothing happened' where sequence = 10 and partition = 0"
                        + " | record 0:10: sentence: the log makes it",
                "delete from ledgerway_v2_b.event_journal where partition = 1 and sequence = 0 | record 1:0: PostgreSQL",
                "update ledgerway_v2_b.assignment set node = 'node-9' | node: the log makes it node-1, PostgreSQL has node-9",
                "insert into ledgerway_v2_b.conflict values ('192.0.2.9', 0, 1, 0, 2, now()) | conflict 192.0.2.9",
            })
    void aRowThatSomebodyChangedDeletedOrAddedIsNamed(String change, String told) throws Exception {
        sql(change);
        var json = folder.resolve("differs.json");

        var run = replay("--check", "--json", json.toString());

        assertDiffers(run, told);
        var written = MAPPER.readTree(json.toFile());
        assertFalse(written.path("agrees").asBoolean());
        assertTrue(written.path("differences").toString().contains(told), written::toString);
    }

    @Test
    void aRebuildMakesThemAgreeAgain() throws SQLException {
        sql("delete from ledgerway_v2_b.holding", "update ledgerway_v2_b.event_journal set actor = 'nobody'");
        assertEquals(1, replay("--check").status());

        var rebuilt = replay("--rebuild");

        assertEquals(0, rebuilt.status(), rebuilt.err());
        assertTrue(rebuilt.out().contains("into ledgerway_v2_a, which answers from now on"), rebuilt.out());
        var run = replay("--check");
        assertEquals(0, run.status(), () -> run.out() + run.err());
    }

    @Test
    void aRecordThatWasDroppedFromTheLogBreaksItsChain() {
        topic = written(RecordedLog.changed(log, records -> {
            records.remove(7);
            return records;
        }));

        var run = replay("--check");

        assertEquals(1, run.status());
        assertTrue(run.err().contains("does not read as one"), run.err());
        assertTrue(run.err().contains("has sequence 8, expected was 7"), run.err());
    }

    @Test
    void aRecordThatWasAlteredInTheLogBreaksItsChain() {
        topic = written(RecordedLog.changed(log, records -> {
            records.set(7, RecordedLog.toldBy("somebody else", records.get(7)));
            return records;
        }));

        var run = replay("--check");

        assertEquals(1, run.status());
        assertTrue(run.err().contains("sequence 8, says that the record before it has hash"), run.err());
    }

    @Test
    void aLastRecordThatWasDroppedIsMissedByWhoKnewIt() {
        topic = written(RecordedLog.changed(log, records -> {
            records.removeLast();
            return records;
        }));
        long last = log.getFirst().size() - 1L;

        var run = replay("--check");

        assertDiffers(run, "node node-1 is live at 0:" + last + ", which the log does not have");
        assertDiffers(run, "PostgreSQL is at 0:" + last + ", which the log does not have");
    }

    @Test
    void aLastRecordThatWasAlteredDiffersFromWhatWasProjected() {
        topic = written(RecordedLog.changed(log, records -> {
            records.addLast(RecordedLog.toldBy("somebody else", records.removeLast()));
            return records;
        }));

        assertDiffers(replay("--check"), "actor: the log makes it somebody else, PostgreSQL has");
    }

    @Test
    void aLiveFoldThatDiffersIsNamedFieldByField() {
        var other = fold().evolve(new NodeEvent.ExecutorRestarted("run-9", "0.1"));
        serve(other);

        var run = replay("--check");

        assertDiffers(
                run,
                "node node-1 at 0:" + (log.getFirst().size() - 1)
                        + ", executorRun: the log makes it \"run-3\", live it is \"run-9\"");
        assertTrue(run.out().contains(": 1 differences"), run.out());
    }

    @Test
    void aNodeThatIsInTheLogAndNotLiveIsNamed() {
        server.answer("/v1/nodes", "[{\"name\":\"node-1\"}]");

        assertDiffers(replay("--check"), "node node-2 is in the log and not live");
    }

    @Test
    void whatCannotBeReachedIsNamedWithWhatToDo() {
        var away = replay("--check", "--postgres", "jdbc:postgresql://127.0.0.1:1/none");
        server.close();
        var silent = replay("--check");

        assertEquals(1, away.status());
        assertTrue(away.err().contains("the projection at jdbc:postgresql://127.0.0.1:1/none"), away.err());
        assertTrue(away.err().contains("LEDGERWAY_POSTGRES_PASSWORD"), away.err());
        assertEquals(1, silent.status());
        assertTrue(silent.err().contains("is the control plane running there?"), silent.err());
    }

    @Test
    void withoutATaskOrWithTwoItIsWrongUsage() {
        assertEquals(2, replay().status());
        assertEquals(2, replay("--check", "--rebuild").status());
    }

    @Test
    void aRecordedLogIsTheLog() throws IOException {
        var file = folder.resolve("recorded.log");

        assertEquals(0, replay("--record", file.toString()).status());

        var recorded = Files.readAllLines(file).stream()
                .map(line -> EnvelopeCodec.decode(Base64.getDecoder().decode(line)))
                .toList();
        var all = new ArrayList<>(log.getFirst());
        all.addAll(log.getLast());
        assertEquals(all, recorded);
    }
}
