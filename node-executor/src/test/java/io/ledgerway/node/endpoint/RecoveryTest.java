package io.ledgerway.node.endpoint;

import static io.ledgerway.node.TestNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.TestNetwork;
import io.ledgerway.node.endpoint.EndpointException.Reason;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.NetNs;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What CHECK sees, and what a restarted executor makes of what it finds.
class RecoveryTest {
    private final TestNetwork network = new TestNetwork(2);
    private final BlockingQueue<EndpointKey> gone = new LinkedBlockingQueue<>();
    private final VethDriver driver = new VethDriver();
    private volatile boolean dieAfterCreation;
    private KernelThreads threads;
    private Endpoints endpoints = start();

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private Endpoints start() {
        EndpointListener listener = new EndpointListener() {
            @Override
            public void gone(EndpointKey key, String sandbox) {
                gone.add(key);
            }

            @Override
            public void stuck(EndpointKey key, String sandbox, RuntimeException cause) {
                throw new AssertionError(cause);
            }
        };
        threads = new KernelThreads(NetNs.open(network.node().pathOfDescriptor()));
        return new Endpoints(threads, driver, listener, step -> {
            if (dieAfterCreation) {
                throw new Killed();
            }
        });
    }

    /// As after a kill: nothing is remembered.
    private void restart() {
        endpoints.close();
        endpoints = start();
    }

    @AfterEach
    void end() {
        endpoints.close();
        network.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pod  | link set eth0 down                             | link eth0 in the pod: it is down
            pod  | addr del 10.0.1.11/32 dev eth0                 | address 10.0.1.11/32 on eth0 in the pod: it is missing
            pod  | route del default                              | route default via 169.254.1.1 dev eth0 in the pod table 254: it is missing
            pod  | neigh del 169.254.1.1 dev eth0                 | neighbour 169.254.1.1 at
            pod  | link set lo down                               | link lo in the pod: it is down
            pod  | link set eth0 mtu 1400                         | MTU is 1500 on the node and 1400 in the pod instead of 1500
            pod  | link del eth0                                  | the end on the node is missing
            node | link set LINK down                             | link LINK: it is down
            node | link set LINK alias x                          | alias of LINK: it is "x"
            node | route del 10.0.1.11                            | route 10.0.1.11/32 dev LINK table 254: it is missing
            node | neigh del 10.0.1.11 dev LINK                   | neighbour 10.0.1.11 at
            node | rule del prio 512                              | rule 512: to 10.0.1.11/32 lookup 254: it is missing
            node | rule del prio 2048                             | rule 2048: from 10.0.1.11/32 lookup 1001: it is missing
            node | rule add from 10.0.1.11 lookup 1002 prio 2048 proto 76 | another rule decides: rule 2048: from 10.0.1.11/32 lookup 1002
            node | route del default table 1001                   | route default via 10.0.1.253 dev ENI eni-1
            node | addr del 10.0.1.1/32 dev eth1                  | address 10.0.1.1/32 on ENI eni-1
            node | link set eth1 down                             | link ENI eni-1 (00:16:3e:00:00:01): it is down
            """)
    void everyLossIsSeenByCheckAndMadeGoodAfterARestart(String where, String damage, String seen) {
        EndpointSpec spec = network.spec("a", 1, 1);
        EndpointSpec healthy = network.spec("b", 2, 1);
        endpoints.add(spec);
        endpoints.add(healthy);
        assertEquals(List.of(), endpoints.check(spec));
        String link = driver.nodeLinkName(spec.key());
        String node = network.nodeDump();
        String pod = network.podDump("a");

        ip(where.equals("pod") ? network.pod("a") : network.node(), damage.replace("LINK", link));

        if (damage.endsWith("alias x")) {
            // Nobody may take a link that says it belongs to someone else.
            assertTrue(endpoints.check(spec).toString().contains(seen.replace("LINK", link)));
            return;
        }
        String differences = endpoints.check(spec).toString();
        assertTrue(differences.contains(seen.replace("LINK", link)), differences);
        assertEquals(List.of(), endpoints.check(healthy));
        restart();
        Recovery recovery = endpoints.recover(List.of(spec, healthy));
        assertEquals(List.of(healthy.key()), recovery.healthy());
        assertEquals(spec.key(), recovery.repaired().getFirst().key());
        assertEquals(List.of(), recovery.failed());
        assertEquals(List.of(), endpoints.check(spec));
        assertEquals(sorted(node), sorted(network.nodeDump()));
        assertEquals(sorted(pod), sorted(network.podDump("a")));
    }

    /// What was made again stands at another place of the dump.
    private static List<String> sorted(String dump) {
        return dump.lines().map(String::strip).sorted().toList();
    }

    @Test
    void repeatedAddRepairsOnlyWhatDiffers() {
        EndpointSpec spec = network.spec("a", 1, 1);
        endpoints.add(spec);
        String before = network.nodeDump();
        ip(network.node(), "rule del prio 2048");

        endpoints.add(spec);

        assertEquals(before, network.nodeDump());
    }

    @Test
    void reversePathFilterAndForwardingAreSeenAndRepaired() {
        EndpointSpec spec = network.spec("a", 1, 1);
        endpoints.add(spec);
        TestNetwork.run(network.node(), "sh", "-c", "echo 0 > /proc/sys/net/ipv4/conf/eth1/forwarding");

        assertTrue(endpoints.check(spec).toString().contains("FORWARDING is 0"));
        endpoints.add(spec);

        assertEquals(List.of(), endpoints.check(spec));
    }

    @Test
    void healthyNodeIsNotTouchedByARestart() {
        EndpointSpec a = network.spec("a", 1, 1);
        EndpointSpec b = network.spec("b", 2, 1);
        endpoints.add(a);
        endpoints.add(b);
        String node = network.nodeDump();
        restart();

        Recovery recovery = endpoints.recover(List.of(a, b));

        assertEquals(new Recovery(List.of(a.key(), b.key()), List.of(), List.of(), List.of(), List.of()), recovery);
        assertEquals(node, network.nodeDump());
    }

    @Test
    void endpointsAreFoundAgainByTheKernelAlone() {
        EndpointSpec a = network.spec("a", 1, 1);
        endpoints.add(a);
        restart();

        KernelInventory inventory = endpoints.inventory();

        KernelInventory.Found found = inventory.endpoints().getFirst();
        assertEquals(a.key(), found.key());
        assertEquals(a.sandbox(), found.sandbox());
        assertEquals(a.allocation().addresses(), found.addresses());
        assertEquals(List.of(), inventory.orphanedRules());
    }

    @Test
    void undesiredEndpointIsReportedAndLeftAlone() {
        EndpointSpec a = network.spec("a", 1, 1);
        endpoints.add(a);
        String node = network.nodeDump();
        restart();

        Recovery recovery = endpoints.recover(List.of());

        assertEquals(a.key(), recovery.undesired().getFirst().key());
        assertEquals(node, network.nodeDump());
    }

    @Test
    void leftoversOfAnInterruptedAddAndOfADeadPodAreSwept() {
        EndpointSpec alive = network.spec("alive", 1, 9);
        endpoints.add(alive);
        String clean = network.nodeDump();
        EndpointSpec half = network.spec("half", 1, 1);
        dieAfterCreation = true;
        assertThrows(Killed.class, () -> endpoints.add(half));
        dieAfterCreation = false;
        EndpointSpec dead = network.spec("dead", 1, 2);
        endpoints.add(dead);
        ip(network.pod("dead"), "link del eth0");
        restart();

        Recovery recovery = endpoints.recover(List.of(alive));

        assertEquals(3, recovery.swept().size(), recovery.swept().toString());
        assertEquals(clean, network.nodeDump());
        assertEquals(List.of(), endpoints.check(alive));
    }

    @Test
    void answeredRemovalIsWrittenDownInTheKernelBeforeItsLinkIsDeleted() throws InterruptedException {
        EndpointSpec spec = network.spec("a", 1, 1);
        endpoints.add(spec);
        CountDownLatch hold = new CountDownLatch(1);
        threads.delete(session -> {
            try {
                return hold.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        endpoints.remove(spec.key(), spec.sandbox(), spec.allocation().addresses());

        KernelInventory inventory = endpoints.inventory();
        assertEquals(List.of(), inventory.endpoints());
        assertEquals(spec.key(), inventory.removed().getFirst().key());
        assertTrue(gone.isEmpty());
        hold.countDown();
        assertEquals(spec.key(), gone.poll(10, TimeUnit.SECONDS));
        assertTrue(endpoints.inventory().isEmpty());
    }

    @Test
    void removalWhoseLinkWasNotDeletedYetIsFinishedAfterARestart() {
        EndpointSpec alive = network.spec("alive", 1, 9);
        endpoints.add(alive);
        String clean = network.nodeDump();
        EndpointSpec spec = network.spec("a", 1, 1);
        endpoints.add(spec);
        String link = driver.nodeLinkName(spec.key());
        ip(network.node(), "link set " + link + " alias " + new LinkAlias(spec.key(), spec.sandbox(), true));
        restart();
        assertEquals(spec.key(), endpoints.inventory().removed().getFirst().key());

        Recovery recovery = endpoints.recover(List.of(alive));

        assertEquals(List.of(), recovery.undesired());
        assertEquals(clean, network.nodeDump());
    }

    @Test
    void desiredEndpointWithoutNamespaceFailsAndHoldsNoOtherUp() {
        EndpointSpec lost = network.spec("lost", 1, 1);
        EndpointSpec fine = network.spec("fine", 1, 2);
        endpoints.add(lost);
        network.endPod("lost");
        // The number of the descriptor that was its path may be another file's by now.
        EndpointSpec gonePath =
                new EndpointSpec(lost.key(), lost.sandbox(), "/run/netns/absent", lost.allocation(), TestNetwork.MTU);
        restart();

        Recovery recovery = endpoints.recover(List.of(gonePath, fine));

        assertEquals(Reason.NETNS_INVALID, recovery.failed().getFirst().why().reason());
        assertEquals(fine.key(), recovery.repaired().getFirst().key());
        assertEquals(List.of(), endpoints.check(fine));
    }

    @Test
    void continuousTrafficLosesNothingWhileTheExecutorRestartsAndRecovers() throws Exception {
        EndpointSpec a = network.spec("a", 1, 1);
        EndpointSpec b = network.spec("b", 2, 1);
        endpoints.add(a);
        endpoints.add(b);
        Process ping = new ProcessBuilder(
                        "nsenter",
                        "--net=" + network.pod("a").pathOfDescriptor(),
                        "ping",
                        "-i",
                        "0.01",
                        "-c",
                        "100",
                        "10.0.2.11")
                .start();
        for (int i = 0; i < 5; i++) {
            restart();
            endpoints.recover(List.of(a, b));
            endpoints.add(a);
        }
        String summary = new String(ping.getInputStream().readAllBytes());
        assertEquals(0, ping.waitFor());
        assertTrue(summary.contains("100 received"), summary);
    }

    @Test
    void commonReversePathFilterIsTurnedOffAndOthersKeepItsProtection() throws InterruptedException {
        TestNetwork.run(
                network.node(),
                "sh",
                "-c",
                "echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter;"
                        + " echo 0 > /proc/sys/net/ipv4/conf/default/rp_filter; echo 2 > /proc/sys/net/ipv4/conf/eth2/rp_filter");
        endpoints.prepareNode();

        String all = TestNetwork.run(
                network.node(),
                "sh",
                "-c",
                "cd /proc/sys/net/ipv4/conf; cat all/rp_filter default/rp_filter eth1/rp_filter eth2/rp_filter");
        assertEquals("0\n1\n1\n2\n", all);
        EndpointSpec spec = network.spec("a", 1, 1);
        endpoints.add(spec);
        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE));
        endpoints.remove(spec.key(), spec.sandbox(), spec.allocation().addresses());
        assertEquals(spec.key(), gone.poll(10, TimeUnit.SECONDS));
        assertFalse(network.nodeDump().contains(driver.nodeLinkName(spec.key())));
    }
}
