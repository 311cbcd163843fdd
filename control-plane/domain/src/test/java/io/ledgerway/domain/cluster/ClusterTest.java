package io.ledgerway.domain.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Stream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterTest {

    private static final Header HEADER = new Header(new CommandId("c"), Instant.EPOCH, "test");
    private Cluster cluster = Cluster.EMPTY;

    private Cluster.Answer when(ClusterCommand command) {
        var decision = cluster.decide(command);
        decision.events().forEach(event -> cluster = cluster.evolve(event));
        return decision.answer();
    }

    @Test
    void streamsAreSpreadOverThePartitionsAndStayWhereTheyWerePlaced() {
        when(new ClusterCommand.CreateCluster(HEADER, new ClusterId("c1"), 3));

        var placed = new ArrayList<Cluster.Answer>();
        for (int i = 0; i < 4; i++) {
            placed.add(when(new ClusterCommand.PlaceStream(HEADER, Stream.node(new NodeName("n" + i)))));
        }
        var again = when(new ClusterCommand.PlaceStream(HEADER, Stream.node(new NodeName("n1"))));

        assertEquals(
                List.of(
                        new Cluster.Answer.Placed(0),
                        new Cluster.Answer.Placed(1),
                        new Cluster.Answer.Placed(2),
                        new Cluster.Answer.Placed(0)),
                placed);
        assertEquals(new Cluster.Answer.Placed(1), again);
    }

    @Test
    void aLogBelongsToOneClusterForEver() {
        when(new ClusterCommand.CreateCluster(HEADER, new ClusterId("c1"), 3));

        assertInstanceOf(
                Cluster.Answer.Created.class, when(new ClusterCommand.CreateCluster(HEADER, new ClusterId("c1"), 3)));
        assertInstanceOf(
                Cluster.Answer.Refused.class, when(new ClusterCommand.CreateCluster(HEADER, new ClusterId("c2"), 3)));
        assertInstanceOf(
                Cluster.Answer.Refused.class, when(new ClusterCommand.CreateCluster(HEADER, new ClusterId("c1"), 4)));
    }

    @Test
    void addressesAndBlocksAreReadStrictly() {
        assertEquals(new IpAddress("10.0.1.253"), Cidr.parse("10.0.1.0/24").fromEnd(2));
        assertEquals(new IpAddress("fd00::1"), new IpAddress("fd00:0:0::1"));
        assertThrows(IllegalArgumentException.class, () -> Cidr.parse("10.0.1.1/24"));
        assertThrows(IllegalArgumentException.class, () -> new IpAddress("ten.0.0.1"));
    }
}
