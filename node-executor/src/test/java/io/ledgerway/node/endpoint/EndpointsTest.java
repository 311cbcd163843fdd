package io.ledgerway.node.endpoint;

import static io.ledgerway.node.TestNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.TestNetwork;
import io.ledgerway.node.endpoint.EndpointException.Reason;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {
    private final TestNetwork network = new TestNetwork(2);
    private final EndpointsOnTrial trial = new EndpointsOnTrial(network);
    private final Endpoints endpoints = start();

    private Endpoints start() {
        Endpoints made = trial.start(new VethDriver());
        made.prepareNode();
        return made;
    }

    @AfterEach
    void end() {
        endpoints.close();
        network.close();
    }

    private Endpoints.Removal remove(EndpointSpec spec) {
        return endpoints.remove(spec.key(), spec.sandbox(), spec.allocation().addresses());
    }

    @Test
    void podsReachEachOtherTheNodeAndTheVpcEachThroughTheEniOfItsAddress() {
        EndpointSpec a = network.spec("a", 1, 1);
        EndpointSpec b = network.spec("b", 1, 2);
        EndpointSpec c = network.spec("c", 2, 1);
        for (EndpointSpec spec : List.of(a, b, c)) {
            endpoints.add(spec);
        }

        for (String from : List.of("a", "b", "c")) {
            for (EndpointSpec to : List.of(a, b, c)) {
                String address = to.allocation().addresses().getFirst().getHostAddress();
                assertTrue(network.pings(network.pod(from), address), from + " to " + address);
            }
            assertTrue(network.pings(network.pod(from), TestNetwork.NODE_ADDRESS), from + " to the node");
            assertTrue(network.pings(network.pod(from), TestNetwork.ELSEWHERE), from + " to the VPC");
        }
        assertTrue(network.pings(network.vpc(), "10.0.2.11"), "from the VPC");
        assertTrue(network.pings(network.node(), "10.0.1.11"), "from the node");
        for (EndpointSpec spec : List.of(a, b, c)) {
            assertEquals(List.of(), endpoints.check(spec));
        }
    }

    @Test
    void repeatedAddChangesNothing() {
        EndpointSpec spec = network.spec("a", 1, 1);
        EndpointResult first = endpoints.add(spec);
        String node = network.nodeDump();
        String pod = network.podDump("a");

        EndpointResult second = endpoints.add(spec);

        assertEquals(first, second);
        assertEquals(node, network.nodeDump());
        assertEquals(pod, network.podDump("a"));
    }

    @Test
    void removalLeavesTheNodeAsItWasAndIsToldToTheListener() throws InterruptedException {
        EndpointSpec stays = network.spec("stays", 1, 9);
        endpoints.add(stays);
        String before = network.nodeDump();
        EndpointSpec spec = network.spec("a", 1, 1);
        endpoints.add(spec);
        assertFalse(before.equals(network.nodeDump()));

        assertEquals(Endpoints.Removal.UNDER_WAY, remove(spec));

        trial.awaitGone(spec);
        assertEquals(before, network.nodeDump());
        assertEquals(Endpoints.Removal.NOTHING_LEFT, remove(spec));
        trial.awaitGone(spec);
        assertEquals(before, network.nodeDump());
        assertTrue(network.pings(network.pod("stays"), TestNetwork.ELSEWHERE));
    }

    @Test
    void removalWithoutAKnownAddressFindsItInTheKernel() throws InterruptedException {
        EndpointSpec stays = network.spec("stays", 1, 9);
        endpoints.add(stays);
        String before = network.nodeDump();
        EndpointSpec spec = network.spec("a", 2, 1);
        endpoints.add(spec);

        endpoints.remove(spec.key(), spec.sandbox(), List.of());

        trial.awaitGone(spec);
        assertEquals(rules(before), rules(network.nodeDump()));
        assertEquals(
                Endpoints.Removal.NOTHING_LEFT,
                endpoints.remove(new EndpointKey("never-seen", "eth0"), "x", List.of()));
    }

    private static List<String> rules(String dump) {
        return dump.lines().filter(line -> line.contains("lookup")).toList();
    }

    @Test
    void removalAfterTheNamespaceIsGoneStillRemovesTheRules() throws InterruptedException {
        String before = network.nodeDump();
        EndpointSpec spec = network.spec("a", 1, 1);
        endpoints.add(spec);
        ip(network.pod("a"), "link del eth0");
        assertFalse(rules(before).equals(rules(network.nodeDump())));

        assertEquals(Endpoints.Removal.NOTHING_LEFT, remove(spec));

        trial.awaitGone(spec);
        assertEquals(rules(before), rules(network.nodeDump()));
    }

    @Test
    void lateRemovalDoesNotTouchTheNextHolderOfTheAddress() {
        EndpointSpec first = network.spec("a", 1, 1);
        endpoints.add(first);
        ip(network.pod("a"), "link del eth0");
        EndpointSpec next = network.spec("b", 1, 1);
        endpoints.add(next);

        assertEquals(Endpoints.Removal.NOTHING_LEFT, remove(first));

        assertEquals(List.of(), endpoints.check(next));
    }

    @ParameterizedTest
    @ValueSource(strings = {"created", "pod", "node"})
    void addThatDiesBetweenSendsConvergesWhenRetried(String step) throws InterruptedException {
        EndpointSpec clean = network.spec("a", 1, 1);
        String before = network.nodeDump();
        endpoints.add(clean);
        String node = network.nodeDump();
        String pod = network.podDump("a");
        remove(clean);
        trial.awaitGone(clean);

        trial.killAt(step);
        assertThrows(EndpointsOnTrial.Killed.class, () -> endpoints.add(clean));
        trial.killNowhere();
        endpoints.add(clean);

        assertEquals(node, network.nodeDump());
        assertEquals(pod, network.podDump("a"));
        assertEquals(List.of(), endpoints.check(clean));
        remove(clean);
        trial.awaitGone(clean);
        assertEquals(rules(before), rules(network.nodeDump()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"created", "pod", "node"})
    void addThatDiesBetweenSendsIsRemovedByDel(String step) throws InterruptedException {
        EndpointSpec other = network.spec("other", 1, 2);
        endpoints.add(other);
        String before = network.nodeDump();
        EndpointSpec spec = network.spec("a", 1, 1);
        trial.killAt(step);
        assertThrows(EndpointsOnTrial.Killed.class, () -> endpoints.add(spec));

        remove(spec);

        trial.awaitGone(spec);
        assertEquals(before, network.nodeDump());
    }

    @Test
    void failedAddUndoesWhatItMade() {
        EndpointSpec other = network.spec("other", 1, 2);
        endpoints.add(other);
        String before = network.nodeDump();
        String podBefore = network.podDump("a");
        Eni good = network.eni(1);
        // The kernel refuses a gateway that is an address of the node itself.
        Eni bad = new Eni(good.id(), good.mac(), 1, good.primaryAddress().orElseThrow(), good.primaryAddress());
        EndpointSpec spec = new EndpointSpec(
                new EndpointKey("uid-a", "eth0"),
                "s",
                network.pod("a").pathOfDescriptor(),
                new Allocation.SharedEni(bad, List.of(TestNetwork.address(1, 1))),
                TestNetwork.MTU);

        EndpointException refused = assertThrows(EndpointException.class, () -> endpoints.add(spec));

        assertEquals(Reason.KERNEL_REFUSED, refused.reason());
        assertTrue(refused.getMessage().contains("Nexthop has invalid gateway"), refused.getMessage());
        assertTrue(refused.getMessage().contains("route default via 10.0.1.1"), refused.getMessage());
        assertEquals(before, network.nodeDump());
        assertEquals(podBefore, network.podDump("a").replace("UP,LOWER_UP", "").isEmpty() ? "" : podBefore);
        assertFalse(network.podDump("a").contains("eth0"));
    }

    @Test
    void addWithoutItsEniFailsBeforeAnythingIsMade() {
        EndpointSpec spec = network.spec("a", 2, 1);
        network.unplug(network.eni(2));
        String before = network.nodeDump();

        EndpointException refused = assertThrows(EndpointException.class, () -> endpoints.add(spec));

        assertEquals(Reason.ENI_MISSING, refused.reason());
        assertEquals(before, network.nodeDump());
    }

    @Test
    void eniThatWasAttachedAgainIsFoundAtItsNewIndex() {
        endpoints.add(network.spec("a", 2, 1));
        EndpointSpec early = network.spec("b", 2, 2);
        network.unplug(network.eni(2));
        assertEquals(
                Reason.ENI_MISSING,
                assertThrows(EndpointException.class, () -> endpoints.add(early))
                        .reason());
        network.plug(network.eni(2));
        EndpointSpec b = network.spec("b", 2, 2);

        endpoints.add(b);

        assertEquals(List.of(), endpoints.check(b));
        assertTrue(network.pings(network.pod("b"), TestNetwork.ELSEWHERE));
    }

    @Test
    void newSandboxReplacesTheOldAndTheDelOfTheOldTouchesNothing() {
        EndpointSpec old = network.spec("old", 1, 1);
        endpoints.add(old);
        InetAddress address = old.allocation().addresses().getFirst();
        EndpointSpec current = new EndpointSpec(
                old.key(), "sandbox-new", network.pod("new").pathOfDescriptor(), old.allocation(), TestNetwork.MTU);

        endpoints.add(current);

        assertFalse(network.podDump("old").contains("eth0"));
        assertEquals(Endpoints.Removal.OTHER_SANDBOX, remove(old));
        assertEquals(List.of(), endpoints.check(current));
        assertTrue(network.pings(network.node(), address.getHostAddress()));
    }

    @Test
    void addRightAfterDelOfTheSameSandboxWaitsForTheOldLink() {
        EndpointSpec spec = network.spec("a", 1, 1);
        for (int i = 0; i < 5; i++) {
            endpoints.add(spec);
            assertEquals(Endpoints.Removal.UNDER_WAY, remove(spec));
        }
        endpoints.add(spec);
        assertEquals(List.of(), endpoints.check(spec));
    }

    @Test
    void rulesThatEarlierHoldersLeftDoNotDecideForTheNext() {
        EndpointSpec spec = network.spec("a", 1, 1);
        ip(network.node(), "rule add from 10.0.1.11 lookup 1002 prio 2048 proto 76");
        ip(network.node(), "rule add from 10.0.1.11 lookup 1003 prio 2048 proto 76");

        endpoints.add(spec);

        assertFalse(network.nodeDump().contains("lookup 1002"));
        assertFalse(network.nodeDump().contains("lookup 1003"));
        assertTrue(network.pings(network.pod("a"), TestNetwork.ELSEWHERE));
    }

    @Test
    void interfaceNameTakenByOthersIsRefusedAndLeftAlone() {
        EndpointSpec spec = network.spec("a", 1, 1);
        ip(network.pod("a"), "link add eth0 type veth peer name other");
        String pod = network.podDump("a");
        String node = network.nodeDump();

        EndpointException refused = assertThrows(EndpointException.class, () -> endpoints.add(spec));

        assertEquals(Reason.NAME_TAKEN, refused.reason());
        assertEquals(pod, network.podDump("a"));
        assertEquals(node, network.nodeDump());
    }

    @Test
    void twentyAddsAtOnceOverTwoEnisAllWork() throws Exception {
        String before = network.nodeDump();
        List<EndpointSpec> specs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            specs.add(network.spec("p" + i, 1 + i % 2, i));
        }
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<EndpointResult>> results = specs.stream()
                    .map(spec -> callers.submit(() -> endpoints.add(spec)))
                    .toList();
            for (Future<EndpointResult> result : results) {
                result.get();
            }
            for (EndpointSpec spec : specs) {
                assertEquals(List.of(), endpoints.check(spec));
            }
            assertTrue(network.pings(network.pod("p3"), "10.0.1.24"));
            List<Future<Endpoints.Removal>> removals = specs.stream()
                    .map(spec -> callers.submit(() -> remove(spec)))
                    .toList();
            for (Future<Endpoints.Removal> removal : removals) {
                assertEquals(Endpoints.Removal.UNDER_WAY, removal.get());
            }
        }
        for (int i = 0; i < specs.size(); i++) {
            assertTrue(trial.awaitGone().contains("sandbox-p"));
        }
        assertEquals(rules(before), rules(network.nodeDump()));
        assertFalse(network.nodeDump().contains("ledgerway"));
    }
}
