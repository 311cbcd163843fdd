package io.ledgerway.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.NodeAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeCodecTest {

    @Test
    void everyAddressStateComesBackAsItWas() {
        for (var type : Address.class.getPermittedSubclasses()) {
            var address = (Address) new Samples(1).ofRecord(type);
            var ip = new IpAddress("10.0.1.7");

            var message = NodeCodec.address(ip, address);

            assertEquals(address, NodeCodec.address(message));
            assertEquals(ip.value(), message.getIp());
        }
    }

    @Test
    void everyEndpointStateComesBackAsItWas() {
        for (var type : Endpoint.class.getPermittedSubclasses()) {
            for (long seed = 0; seed < 20; seed++) {
                var endpoint = (Endpoint) new Samples(seed).ofRecord(type);

                assertEquals(endpoint, NodeCodec.endpoint(NodeCodec.endpoint(endpoint)));
            }
        }
    }

    @Test
    void everyEniStateComesBackAsItWas() {
        var samples = new Samples(3);
        for (var type : Eni.State.class.getPermittedSubclasses()) {
            var eni = new Eni(
                    new io.ledgerway.domain.Ids.EniId("eni-1"),
                    (io.ledgerway.domain.MacAddress) samples.of(io.ledgerway.domain.MacAddress.class),
                    new io.ledgerway.domain.Ids.VSwitchId("vsw-1"),
                    new IpAddress("10.0.1.1"),
                    (Eni.State) samples.ofRecord(type));

            assertEquals(eni, NodeCodec.eni(NodeCodec.eni(eni)));
            assertEquals(
                    eni,
                    NodeCodec.granted(NodeCodec.granted(new NodeAnswer.Granted(
                                    (io.ledgerway.domain.node.PodRequest)
                                            samples.of(io.ledgerway.domain.node.PodRequest.class),
                                    (io.ledgerway.domain.node.Allocation)
                                            samples.of(io.ledgerway.domain.node.Allocation.class),
                                    eni,
                                    (io.ledgerway.domain.node.VSwitch)
                                            samples.of(io.ledgerway.domain.node.VSwitch.class))))
                            .eni());
        }
    }

    @Test
    void aMarkNamesTheRunThatSentItIfThereIsOne() {
        var place = new JournalMark(new JournalId("journal-1"), 7);
        for (var mark : List.of(place, place.sentBy("run-1"))) {
            assertEquals(mark, NodeCodec.mark(NodeCodec.mark(mark)));
        }
    }
}
