package io.ledgerway.server.axon;

import static io.ledgerway.server.axon.Ledger.answer;
import static io.ledgerway.server.axon.Ledger.assertPlaced;
import static io.ledgerway.server.axon.Ledger.configuration;
import static io.ledgerway.server.axon.Ledger.place;
import static io.ledgerway.server.axon.Ledger.read;
import static io.ledgerway.server.axon.Ledger.stream;
import static io.ledgerway.server.axon.Ledger.unavailable;
import static io.ledgerway.server.axon.Ledger.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.cluster.Cluster;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand.RegisterNode;
import io.ledgerway.embedded.EmbeddedKafka;
import io.ledgerway.server.axon.PartitionStatus.State;
import io.ledgerway.server.kafka.Broker;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.UnfitLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole log of a process: where commands go, what comes back after a restart, and what it does without Kafka.
class PartitionsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void whatWasDecidedIsThereAfterARestart() throws Exception {
        var settings = Broker.freshLog("restart");
        Cluster before;
        try (var partitions = started(settings)) {
            for (int i = 0; i < 20; i++) {
                assertPlaced(i % 2, answer(partitions.execute(place("c" + i, "n" + i))));
            }
            before = partitions.cluster();
        }
        try (var partitions = started(settings)) {
            assertEquals(before, partitions.cluster());
            assertEquals(2, partitions.log(0).orElseThrow().epoch());
            var heard = new CopyOnWriteArrayList<Envelope>();
            partitions.subscribe("test", 0, 0, heard::add);
            within(SOON, "the whole partition", () -> heard.size() == 23);
            assertEquals(read(settings, 0), heard);
        }
    }

    @Test
    void aNodeIsFoundWhereItWasPlaced() throws Exception {
        var settings = Broker.freshLog("placed");
        try (var partitions = started(settings)) {
            for (var name : List.of("a", "b", "c")) {
                assertEquals(
                        new NodeAnswer.Done(),
                        answer(partitions.execute(register(name))).answer());
            }
            assertEquals(1, partitions.partitionOf(stream("b")).orElseThrow());
            assertEquals(
                    incarnation("b"),
                    partitions.node(new NodeName("b")).incarnation().orElseThrow());
            assertEquals(3, partitions.nodes().size());
            var reply = answer(partitions.execute(register("b")));
            assertEquals(1, reply.position().partition());
            assertEquals(partitions.log(1).orElseThrow().epoch(), reply.epoch());
        }
    }

    @Test
    void anotherClustersLogIsRefusedAndItsOwnerNotDisturbed() throws Exception {
        var settings = Broker.freshLog("other");
        try (var partitions = started(settings)) {
            var strangers = Partitions.start(new Partitions.Configuration(
                    settings, new ClusterId("stranger"), 2, "localhost:2", InstantSource.system()));
            try (strangers) {
                var refused = assertThrows(UnfitLog.class, () -> strangers.awaitReady(SOON));
                assertTrue(refused.getMessage().contains("belongs to cluster test"), refused::getMessage);
                assertFalse(strangers.ready());
                unavailable(strangers.execute(place("p", "n")));
            }
            assertPlaced(0, answer(partitions.execute(place("p", "n"))));
            assertEquals(1, partitions.log(0).orElseThrow().epoch());
        }
    }

    @Test
    void anotherNumberOfPartitionsIsRefused() throws Exception {
        var settings = Broker.freshLog("number");
        started(settings).close();
        try (var more = Partitions.start(configuration(settings, 3))) {
            var refused = assertThrows(UnfitLog.class, () -> more.awaitReady(SOON));
            assertTrue(refused.getMessage().contains("has 2 partitions"), refused::getMessage);
        }
    }

    @Test
    void aFencedProcessTakesOverAgainAndItsSubscribersMissNothing() throws Exception {
        var settings = Broker.freshLog("again");
        try (var partitions = started(settings)) {
            var heard = new CopyOnWriteArrayList<Envelope>();
            partitions.subscribe("test", 0, 0, heard::add);
            answer(partitions.execute(place("p", "n")));
            new Ledger.Held(settings).open().close();
            unavailable(partitions.execute(place("q", "m")));
            within(SOON, "the take-over", () -> partitions.status().getFirst().takeOvers() == 2);
            assertEquals(3, partitions.log(0).orElseThrow().epoch());
            assertPlaced(1, answer(partitions.execute(place("q", "m"))));
            var all = read(settings, 0);
            within(SOON, "every envelope", () -> heard.size() == all.size());
            assertEquals(all, heard);
        }
    }

    @Test
    void withoutKafkaCallersAreToldSoonAndTheStatusSaysWhere(@TempDir Path data) throws Exception {
        var broker = EmbeddedKafka.start(data, 0);
        int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
        var settings = LogSettings.at(broker.bootstrapServers()).withTopic("away");
        try (var partitions = started(settings)) {
            answer(partitions.execute(place("p", "n")));
            broker.close();
            long asked = System.nanoTime();
            unavailable(partitions.execute(place("q", "m")));
            assertTrue(System.nanoTime() - asked
                    < LogSettings.COMMIT_DEADLINE.multipliedBy(2).toNanos());
            within(SOON, "noticing", () -> partitions.status().getFirst().state() == State.OPENING);
            asked = System.nanoTime();
            unavailable(partitions.execute(place("q", "m")));
            assertTrue(System.nanoTime() - asked < Duration.ofMillis(100).toNanos(), "what is known is told at once");
            within(
                    SOON,
                    "the reason",
                    () -> partitions.status().getFirst().why().contains(settings.bootstrap()));
            try (var again = EmbeddedKafka.start(data, port)) {
                partitions.awaitReady(SOON);
                assertEquals(settings.bootstrap(), again.bootstrapServers());
                assertPlaced(0, answer(partitions.execute(place("p2", "n"))));
            }
        }
    }

    private static Partitions started(LogSettings settings) throws InterruptedException {
        var partitions = Partitions.start(configuration(settings, 2));
        partitions.awaitReady(SOON);
        return partitions;
    }

    private static RegisterNode register(String name) {
        return new RegisterNode(
                Ledger.header("register-" + name), incarnation(name), new BootId("boot"), "run", "test");
    }

    private static Incarnation incarnation(String name) {
        return new Incarnation(Ledger.CLUSTER, new NodeName(name), new InstanceId("i-" + name));
    }
}
