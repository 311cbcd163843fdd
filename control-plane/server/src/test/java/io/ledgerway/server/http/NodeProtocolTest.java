package io.ledgerway.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.Surroundings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// Rule 7 on the control plane's side: surplus goes back to the cloud.
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class NodeProtocolTest extends SpeakingNodes {

    private static final int MOST_IDLE = 6;

    @Test
    void whatAPoolHasTooMuchOfGoesBackToTheCloudAndAnEmptyEniWithIt() {
        var node = serving("withdraws", "i-withdraws");
        var pods = new ArrayList<PodRequest>();
        for (int pod = 0; pod < 16; pod++) {
            pods.add(node.add("withdrawn-" + pod));
        }
        node.until(
                "two ENIs", state -> state.enis().size() == 2 && state.intents().isEmpty());
        assertEquals(2, enisOf("i-withdraws").size());

        pods.forEach(node::remove);
        Eventually.eventually(
                "the surplus to go back",
                () -> {
                    node.confirmWishes();
                    var state = node.node();
                    return state.idle() <= MOST_IDLE
                            && state.idle() == state.addresses().size()
                            && state.enis().size() == 1
                            && state.intents().isEmpty();
                },
                node::node);

        var left = enisOf("i-withdraws");
        assertEquals(1, left.size(), "the other one is detached and deleted");
        var eni = left.keySet().iterator().next();
        assertEquals(
                node.node().addresses().keySet().stream()
                        .map(IpAddress::value)
                        .sorted()
                        .toList(),
                left.get(eni).stream().sorted().toList(),
                "what the log has is what the cloud has");
        assertTrue(secondaryEnis(each -> each.path("instanceId").isNull()).isEmpty(), "nothing is left lying about");
        Eventually.eventually(
                "the events in the metrics",
                () -> Rest.ask("/q/metrics").body().contains("ledgerway_events_total{type=\"AddressesWithdrawn\"}"),
                () -> Rest.ask("/q/metrics").body());
    }
}
