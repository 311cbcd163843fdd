package io.ledgerway.node.endpoint;

import static io.ledgerway.node.TestNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.TestNetwork;
import io.ledgerway.node.endpoint.EndpointException.Reason;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.NetNs;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What endpoints share, and what others leave in their way: ENIs, rules, the node's settings.
class SharedObjectsTest {

    private final TestNetwork network = new TestNetwork(2);
    private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();
    private final Endpoints endpoints = new Endpoints(
            new KernelThreads(NetNs.open(network.node().pathOfDescriptor())), new VethDriver(), new EndpointListener() {
                @Override
                public void gone(EndpointKey key, String sandbox) {
                    gone.add(isLinkThere(key) ? "told before the link was gone" : sandbox);
                }

                @Override
                public void stuck(EndpointKey key, String sandbox, RuntimeException cause) {
                    gone.add("stuck " + cause);
                }
            });

    @BeforeEach
    void prepare() {
        endpoints.prepareNode();
    }

    @AfterEach
    void end() {
        endpoints.close();
        network.close();
    }

    private boolean isLinkThere(EndpointKey key) {
        return ip(network.node(), "link").contains(new VethDriver().nodeLinkName(key));
    }

    private void remove(EndpointSpec spec) throws InterruptedException {
        endpoints.remove(spec.key(), spec.sandbox(), spec.allocation().addresses());
        assertEquals(spec.sandbox(), gone.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void listenerHearsOfAnEndNotBeforeTheLinkIsGone() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            EndpointSpec spec = network.spec("a", 1, 1);
            endpoints.add(spec);
            remove(spec);
        }
    }

    @Test
    void anotherLinkAtTheOldIndexOfAnEniIsNotTakenForIt() {
        endpoints.add(network.spec("a", 2, 1));
        EndpointSpec late = network.spec("b", 2, 2);
        int index = Integer.parseInt(ip(network.node(), "-o link show eth2").split(":")[0]);
        network.unplug(network.eni(2));
        ip(network.node(), "link add other index " + index + " type veth peer name its-peer");
        String before = network.nodeDump();

        EndpointException refused = assertThrows(EndpointException.class, () -> endpoints.add(late));

        assertEquals(Reason.ENI_MISSING, refused.reason());
        assertEquals(before, network.nodeDump());
    }

    @Test
    void ruleThatIsThereAlreadyBehindAStrayOneIsNotMadeTwice() throws InterruptedException {
        List<String> before = rules();
        EndpointSpec spec = network.spec("a", 1, 1);
        ip(network.node(), "rule add from 10.0.1.11 lookup 1002 prio 2048 proto 76");
        ip(network.node(), "rule add from 10.0.1.11 lookup 1001 prio 2048 proto 76");

        endpoints.add(spec);

        assertEquals(
                List.of("from 10.0.1.11 lookup 1001 proto 76"),
                rules().stream()
                        .filter(rule -> rule.startsWith("from 10.0.1.11"))
                        .toList());
        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE));
        remove(spec);
        assertEquals(before, rules());
    }

    private List<String> rules() {
        return ip(network.node(), "rule")
                .lines()
                .map(line -> line.substring(line.indexOf('\t') + 1).strip())
                .toList();
    }

    @Test
    void reversePathFilterOfTheEniIsOffWhateverTheNodesDefaultIs() {
        TestNetwork.run(
                network.node(),
                "sh",
                "-c",
                "cd /proc/sys/net/ipv4/conf; echo 1 > default/rp_filter; echo 1 > eth1/rp_filter");
        EndpointSpec spec = network.spec("a", 1, 1);

        endpoints.add(spec);

        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE));
        String filters = TestNetwork.run(
                network.node(),
                "sh",
                "-c",
                "cd /proc/sys/net/ipv4/conf; cat eth1/rp_filter " + new VethDriver().nodeLinkName(spec.key())
                        + "/rp_filter");
        assertEquals("0\n0\n", filters);
    }
}
