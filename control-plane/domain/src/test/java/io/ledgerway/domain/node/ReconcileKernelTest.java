package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.OTHER_JOURNAL;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.domain.node.NodeEvent.EndpointAdopted;
import io.ledgerway.domain.node.NodeEvent.EndpointUnexplained;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rule 20: a node that has lost its disk.
class ReconcileKernelTest {

    private static Scenario diskLost(Scenario scenario) {
        return scenario.when(scenario.register(NODE, "boot-1", "run-2", OTHER_JOURNAL));
    }

    private static NodeCommand reconcile(Scenario scenario, List<Present> present, List<Missing> missing) {
        return new NodeCommand.ReconcileKernel(
                scenario.header(), NODE, Optional.of(new JournalMark(OTHER_JOURNAL, 0)), present, missing);
    }

    private static Present present(PodRequest pod, Allocation allocation) {
        return new Present(pod, allocation, "lw-" + pod.podName());
    }

    private static Missing missing(PodRequest pod) {
        return new Missing(pod.attachment(), pod.sandbox());
    }

    @Test
    void whatOnlyTheKernelKnowsIsAdopted() {
        var scenario = Scenario.withIdleAndJournal(3);
        var idle = scenario.firstIdle().orElseThrow();
        diskLost(scenario);

        scenario.when(reconcile(scenario, List.of(present(pod("a", "s1"), idle)), List.of()));

        // It rests since the loss, and that ends because a pod has it.
        assertEquals("AddressesCooled", scenario.appendedTypes().getFirst());
        assertEquals(new EndpointAdopted(pod("a", "s1"), idle, "lw-pod-a"), scenario.appended.get(1));
        assertInstanceOf(
                Endpoint.Ready.class,
                scenario.node.endpoint(pod("a", "s1").attachment()).orElseThrow());
    }

    @Test
    void whatOnlyTheLogKnowsEndsFirst() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.when(scenario.add(pod("gone", "s1")));
        var address = scenario.onItsEni(scenario.addressOf(pod("gone", "s1")));
        diskLost(scenario);

        scenario.when(
                reconcile(scenario, List.of(present(pod("a", "s1"), address)), List.of(missing(pod("gone", "s1")))));

        assertEquals(
                List.of("EndpointRemoved", "AddressesCooled", "EndpointAdopted"),
                scenario.appendedTypes().subList(0, 3));
        assertEquals(address.addresses().getFirst(), scenario.addressOf(pod("a", "s1")));
        assertTrue(scenario.node.endpoint(pod("gone", "s1").attachment()).isEmpty());
    }

    @Test
    void whoWaitedBeforeTheDiskWasLostWaitsNoMore() {
        var scenario = Scenario.withIdleAndJournal(0);
        scenario.when(scenario.add(pod("waits", "s1")));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
        diskLost(scenario);

        scenario.when(reconcile(scenario, List.of(), List.of(missing(pod("waits", "s1")))));

        assertEquals("IpRequestCancelled", scenario.appendedTypes().getFirst());
        assertTrue(scenario.node.endpoints().isEmpty());
    }

    @Test
    void whatBothKnowStaysAsItIs() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.when(scenario.add(pod("a", "s1"))).cloudAnswers();
        var address = scenario.onItsEni(scenario.addressOf(pod("a", "s1")));
        diskLost(scenario);

        scenario.when(reconcile(scenario, List.of(present(pod("a", "s1"), address)), List.of()));

        assertEquals(List.of("EndpointReady"), scenario.appendedTypes());
        scenario.when(reconcile(scenario, List.of(present(pod("a", "s1"), address)), List.of()));
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void twoThatHoldEachOthersAddressesAreTakenOverInWhateverOrderTheyAreTold() {
        for (boolean turned : List.of(false, true)) {
            var scenario = Scenario.withIdleAndJournal(4);
            scenario.when(scenario.add(pod("a", "s1")))
                    .when(scenario.add(pod("b", "s1")))
                    .cloudAnswers();
            var ofA = scenario.onItsEni(scenario.addressOf(pod("a", "s1")));
            var other = scenario.firstIdle().orElseThrow();
            scenario.when(new NodeCommand.ReportEndpointReady(
                    scenario.header(),
                    NODE,
                    pod("a", "s1").attachment(),
                    pod("a", "s1").sandbox(),
                    "lw-pod-a"));
            diskLost(scenario);
            // In the kernel, a has moved on and b has what was a's.
            var a = present(pod("a", "s1"), other);
            var b = present(pod("b", "s1"), ofA);

            scenario.when(reconcile(scenario, turned ? List.of(a, b) : List.of(b, a), List.of()));

            assertEquals(other.addresses().getFirst(), scenario.addressOf(pod("a", "s1")));
            assertEquals(ofA.addresses().getFirst(), scenario.addressOf(pod("b", "s1")));
        }
    }

    @Test
    void whatCannotBeIsUnexplainedAndChangesNothing() {
        var scenario = diskLost(Scenario.withIdleAndJournal(3));
        var before = scenario.node;

        scenario.when(reconcile(
                scenario,
                List.of(present(
                        pod("a", "s1"),
                        new Allocation.SharedEni(new EniId("eni-1"), List.of(new IpAddress("10.9.9.9"))))),
                List.of()));

        assertInstanceOf(EndpointUnexplained.class, scenario.appended.getFirst());
        assertEquals(1, scenario.appended.size());
        assertEquals(before, scenario.node);
    }

    @Test
    void aPodThatWaitedAndIsInTheKernelIsAdoptedUnderItsName() {
        var scenario = Scenario.withIdleAndJournal(1);
        scenario.when(new NodeCommand.LearnCapacity(
                scenario.header(), NODE.node(), new NodeCapacity("ecs.small", "zone-a", 2, 2, 2, 1), List.of()));
        scenario.when(scenario.add(pod("a", "s1")));
        var address = scenario.onItsEni(scenario.addressOf(pod("a", "s1")));
        scenario.when(scenario.delete(pod("a", "s1"))).when(scenario.gone(pod("a", "s1")));
        scenario.when(scenario.add(pod("waits", "s1"), Optional.empty()));
        assertInstanceOf(NodeAnswer.Queued.class, scenario.answer);
        diskLost(scenario);
        var nameless = new PodRequest(
                pod("waits", "s1").attachment(), pod("waits", "s1").sandbox(), "", "", PodRequest.Dns.NONE);

        scenario.when(reconcile(scenario, List.of(present(nameless, address)), List.of()));

        var adopted = scenario.appended.stream()
                .filter(EndpointAdopted.class::isInstance)
                .map(EndpointAdopted.class::cast)
                .findFirst()
                .orElseThrow();
        assertEquals("pod-waits", adopted.request().podName());
    }
}
