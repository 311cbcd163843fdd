package io.ledgerway.server.axon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cluster.Cluster;
import io.ledgerway.domain.cluster.ClusterCommand.PlaceStream;
import io.ledgerway.server.axon.Partitions.Configuration;
import io.ledgerway.server.kafka.Broker;
import io.ledgerway.server.kafka.LogSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PartitionsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void whatWasDecidedIsThereAfterARestart() throws Exception {
        var settings = Broker.freshLog("restart");
        Cluster before;
        try (var partitions = started(settings)) {
            for (int i = 0; i < 20; i++) {
                var reply = partitions.execute(place("c" + i, "n" + i)).get(10, TimeUnit.SECONDS);
                assertEquals(new Cluster.Answer.Placed(i % 2), reply.answer());
            }
            before = partitions.cluster();
        }
        try (var partitions = started(settings)) {
            assertEquals(before, partitions.cluster());
            assertEquals(2, partitions.log(0).orElseThrow().epoch());
            var heard = new CopyOnWriteArrayList<Envelope>();
            var all = new CountDownLatch(23);
            partitions.subscribe("test", 0, 0, envelope -> {
                heard.add(envelope);
                all.countDown();
            });
            all.await(10, TimeUnit.SECONDS);
            assertEquals(
                    List.of(0L, 1L, 22L),
                    List.of(
                            heard.get(0).sequence(),
                            heard.get(1).sequence(),
                            heard.get(22).sequence()));
        }
    }

    private static Partitions started(LogSettings settings) throws InterruptedException {
        var partitions = Partitions.start(
                new Configuration(settings, new ClusterId("test"), 2, "localhost:1", InstantSource.system()));
        partitions.awaitReady(SOON);
        return partitions;
    }

    private static PlaceStream place(String command, String node) {
        return new PlaceStream(
                new Header(new CommandId(command), Instant.EPOCH, "test"), Stream.node(new NodeName(node)));
    }
}
