package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.JOURNAL;
import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.OTHER_JOURNAL;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rules 1, 2, 8 and 24: who has a node's name, and what becomes of what an instance before held.
class NodeLifeTest {

    static final Incarnation SECOND = new Incarnation(NODE.cluster(), NODE.node(), new InstanceId("i-2"));
    private static final Incarnation THIRD = new Incarnation(NODE.cluster(), NODE.node(), new InstanceId("i-3"));

    /// A node with a pod and idle addresses, in that standing; the former instance is i-0 where there is one.
    private static Scenario standing(String standing) {
        var scenario = new Scenario();
        if (standing.equals("UNKNOWN")) {
            return scenario;
        }
        var former = new Incarnation(NODE.cluster(), NODE.node(), new InstanceId("i-0"));
        scenario.when(scenario.register(former, "boot-0", "run-0", new io.ledgerway.domain.Ids.JournalId("journal-0")));
        scenario.lost().when(scenario.register(NODE, "boot-1", "run-1", JOURNAL));
        scenario.configured(3, 1).learnt(3, 6).cloudAnswers();
        scenario.when(scenario.add(pod("a", "s1"))).cloudAnswers();
        if (!standing.equals("SERVING")) {
            scenario.lost();
        }
        if (standing.equals("RETIRED")) {
            scenario.when(new NodeCommand.RetireNode(scenario.header(), NODE.node(), "the rack goes"));
        }
        return scenario;
    }

    /// Standing x who registers x boot x journal -> what is appended about the node's life, or why it is refused.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNKNOWN | i-1 | boot-1 | journal-1 | NodeRegistered ExecutorConnected JournalStarted",
                "UNKNOWN | i-1 | boot-1 | none      | NodeRegistered ExecutorConnected",
                "SERVING | i-1 | boot-1 | journal-1 | ExecutorRestarted",
                "SERVING | i-1 | boot-1 | none      | ExecutorRestarted",
                "SERVING | i-1 | boot-1 | journal-2 | ExecutorRestarted JournalLost AddressesHeldBack",
                "SERVING | i-1 | boot-2 | journal-1 | NodeBooted ExecutorRestarted",
                "SERVING | i-1 | boot-2 | journal-2 | NodeBooted ExecutorRestarted JournalLost AddressesHeldBack",
                "SERVING | i-2 | boot-9 | journal-2 | OTHER_INCARNATION",
                "SERVING | i-0 | boot-0 | journal-0 | OTHER_INCARNATION",
                "LOST    | i-1 | boot-1 | journal-1 | NodeReturned ExecutorConnected",
                "LOST    | i-1 | boot-2 | journal-2 | NodeReturned NodeBooted ExecutorConnected JournalLost AddressesHeldBack",
                "LOST    | i-2 | boot-9 | journal-2 | NodeReplaced EniDetachIntended ExecutorConnected JournalStarted",
                "LOST    | i-0 | boot-0 | journal-0 | OTHER_INCARNATION",
                "RETIRED | i-1 | boot-1 | journal-1 | NODE_RETIRED",
                "RETIRED | i-2 | boot-9 | journal-2 | NodeRegistered ExecutorConnected JournalStarted",
                "RETIRED | i-0 | boot-0 | journal-0 | OTHER_INCARNATION",
            })
    void aRegistrationIsDecidedByWhoSpeaksAndWhatIsKnown(
            String standing, String instance, String boot, String journal, String expected) {
        var scenario = standing(standing);
        var incarnation = new Incarnation(NODE.cluster(), NODE.node(), new InstanceId(instance));
        var mark = journal.equals("none")
                ? Optional.<JournalMark>empty()
                : Optional.of(new JournalMark(new io.ledgerway.domain.Ids.JournalId(journal), 0));

        scenario.when(new NodeCommand.RegisterNode(
                scenario.header(), incarnation, mark, new io.ledgerway.domain.Ids.BootId(boot), "run-x", "0.1"));

        var decided = scenario.answer instanceof NodeAnswer.Rejected rejected
                ? rejected.rejection().reason() + (scenario.appended.isEmpty() ? "" : " and " + scenario.appended)
                : String.join(" ", scenario.appendedTypes());
        assertEquals(expected, decided);
    }

    @Test
    void aNodeThatIsLostKeepsAllThatItHolds() {
        var scenario = standing("SERVING");
        var before = scenario.node;

        scenario.lost();

        assertEquals(List.of("NodeLost"), scenario.appendedTypes());
        assertEquals(before.addresses(), scenario.node.addresses());
        assertEquals(before.endpoints(), scenario.node.endpoints());
        assertTrue(scenario.node.intents().isEmpty());
    }

    @Test
    void aNodeThatReturnsGoesOnWithWhatItHad() {
        var scenario = standing("LOST");
        var before = scenario.node;

        scenario.when(scenario.register(NODE, "boot-1", "run-2", JOURNAL));

        assertEquals(List.of("NodeReturned", "ExecutorConnected"), scenario.appendedTypes());
        assertEquals(before.addresses(), scenario.node.addresses());
        assertEquals(before.endpoints(), scenario.node.endpoints());
        scenario.when(scenario.add(pod("a", "s1")));
        assertInstanceOf(NodeAnswer.Granted.class, scenario.answer);
    }

    /// What a node sent before it was lost may come after its loss.
    @Test
    void aMessageFromBeforeTheLossIsNoReturnAndTheSuccessorTakesTheName() {
        var scenario = standing("LOST");
        var late = List.of(
                scenario.register(NODE, "boot-1", "run-1", JOURNAL),
                scenario.add(pod("a", "s1")),
                scenario.add(pod("b", "s2")),
                scenario.delete(pod("a", "s1")),
                scenario.gone(pod("a", "s1")),
                new NodeCommand.ReportEndpointReady(
                        scenario.header(),
                        NODE,
                        pod("a", "s1").attachment(),
                        pod("a", "s1").sandbox(),
                        "lw1"),
                new NodeCommand.ReconcileKernel(scenario.header(), NODE, Optional.empty(), List.of(), List.of()));

        for (var asked : late) {
            scenario.when(asked);

            assertEquals(
                    Reason.NODE_NOT_REGISTERED,
                    assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer, asked.toString())
                            .rejection()
                            .reason());
            assertEquals(List.of(), scenario.appended);
        }
        scenario.when(scenario.register(SECOND, "boot-9", "run-9", OTHER_JOURNAL));
        assertEquals("NodeReplaced", scenario.appendedTypes().getFirst());
    }

    @Test
    void aJournalThatIsToldAfterTheLossIsHeardAndIsNoReturn() {
        var scenario = standing("LOST");
        scenario.alone(new JournalFact.Released(
                pod("a", "s1").attachment(), pod("a", "s1").sandbox()));

        scenario.drained();

        assertEquals(List.of("IpReleased", "JournalDrained"), scenario.appendedTypes());
        assertInstanceOf(Standing.Lost.class, scenario.node.standing());
    }

    @Test
    void anInstanceThatTakesTheNameInheritsNoAddress() {
        var scenario = standing("LOST");
        var old = new HashSet<>(scenario.node.addresses().keySet());

        scenario.when(scenario.register(SECOND, "boot-9", "run-9", OTHER_JOURNAL));

        assertEquals(0, scenario.node.idle());
        assertTrue(scenario.node.endpoints().isEmpty());
        assertEquals(old, new HashSet<>(scenario.every(Address.Stranded.class)));
        var held = scenario.node.addresses().values().stream()
                .filter(address -> address instanceof Address.Stranded stranded
                        && stranded.attachment()
                                .equals(Optional.of(pod("a", "s1").attachment())))
                .count();
        assertEquals(1, held);
        scenario.learnt(3, 6).cloudAnswers();
        assertTrue(scenario.node.addresses().keySet().stream().noneMatch(old::contains));
        assertEquals(3, scenario.node.idle());
    }

    @Test
    void whatIsStrandedStaysItsPodsWhenTheNameIsTakenOnceMore() {
        var scenario = standing("LOST");
        var address = scenario.addressOf(pod("a", "s1"));
        scenario.when(scenario.register(SECOND, "boot-9", "run-9", OTHER_JOURNAL));

        scenario.lost().when(scenario.register(THIRD, "boot-10", "run-10", OTHER_JOURNAL));

        assertEquals(
                Optional.of(pod("a", "s1").attachment()),
                assertInstanceOf(
                                Address.Stranded.class,
                                scenario.node.addresses().get(address))
                        .attachment());
    }

    @Test
    void theEnisOfAnInstanceBeforeAreDetachedFromItAndThenDeleted() {
        var scenario = standing("LOST");

        scenario.when(scenario.register(SECOND, "boot-9", "run-9", OTHER_JOURNAL));

        var detach = assertInstanceOf(CloudIntent.DetachEni.class, scenario.onlyIntent());
        assertEquals(NODE.instance(), detach.instance());
        scenario.when(scenario.outcome(detach.id(), new CloudOutcome.Detached()));
        assertInstanceOf(CloudIntent.DeleteEni.class, scenario.onlyIntent());
    }

    @Test
    void whatIsAskedAgainAfterARefusalStillNamesTheInstanceBefore() {
        var scenario = standing("LOST");
        scenario.when(scenario.register(SECOND, "boot-9", "run-9", OTHER_JOURNAL));
        scenario.when(scenario.outcome(
                scenario.onlyIntent().id(),
                new CloudOutcome.Failed(
                        CloudOutcome.Kind.REFUSED, "Forbidden", "no", java.time.Duration.ofSeconds(60))));
        scenario.now = scenario.now.plusSeconds(61);

        scenario.when(new NodeCommand.ReviewPool(scenario.header(), NODE.node()));

        assertEquals(
                NODE.instance(),
                assertInstanceOf(CloudIntent.DetachEni.class, scenario.onlyIntent())
                        .instance());
    }

    @Test
    void growthOfTheNewInstanceIsNotHeldUpByTheEnisOfTheOneBefore() {
        var scenario = new Scenario()
                .registeredWithJournal()
                .configured(3, 1)
                .learnt(1, 6)
                .cloudAnswers();
        scenario.lost().when(scenario.register(SECOND, "boot-9", "run-9", OTHER_JOURNAL));

        scenario.learnt(1, 6);

        assertTrue(scenario.node.intents().values().stream()
                .anyMatch(pending -> pending.intent() instanceof CloudIntent.CreateEni));
    }

    @Test
    void anEniThatWasBeingMadeForTheInstanceBeforeGoesToTheNewOne() {
        var scenario = new Scenario().registeredWithJournal().configured(3, 1).learnt(1, 6);
        var create = assertInstanceOf(CloudIntent.CreateEni.class, scenario.onlyIntent());
        scenario.lost().when(scenario.register(SECOND, "boot-9", "run-9", OTHER_JOURNAL));

        scenario.when(scenario.outcome(create.id(), scenario.success(create)));

        var attach = scenario.node.intents().values().stream()
                .map(PendingIntent::intent)
                .filter(CloudIntent.AttachEni.class::isInstance)
                .map(CloudIntent.AttachEni.class::cast)
                .toList();
        assertEquals(SECOND.instance(), attach.getFirst().instance());
    }

    @Test
    void whatTheInstanceBeforeAsksIsRefused() {
        var scenario = standing("LOST");
        scenario.when(scenario.register(SECOND, "boot-9", "run-9", OTHER_JOURNAL));

        for (var asked : List.of(
                scenario.delete(pod("a", "s1")),
                scenario.gone(pod("a", "s1")),
                new NodeCommand.ReconcileKernel(scenario.header(), NODE, Optional.empty(), List.of(), List.of()))) {
            scenario.when(asked);
            assertEquals(
                    Reason.OTHER_INCARNATION,
                    assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer)
                            .rejection()
                            .reason());
            assertEquals(List.of(), scenario.appended);
        }
    }

    @Test
    void aNodeThatServesPodsIsNotRetired() {
        var scenario = standing("SERVING");

        scenario.when(new NodeCommand.RetireNode(scenario.header(), NODE.node(), "the rack goes"));

        assertEquals(
                Reason.NODE_IN_USE,
                assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer)
                        .rejection()
                        .reason());
        assertEquals(List.of(), scenario.appended);
    }

    @Test
    void aRetiredNodesEnisAreTakenApartAndNothingIsAskedForItAnyMore() {
        var scenario = standing("LOST");

        scenario.when(new NodeCommand.RetireNode(scenario.header(), NODE.node(), "the rack goes"));

        assertEquals(List.of("NodeRetired", "EniDetachIntended"), scenario.appendedTypes());
        scenario.cloudAnswers();
        assertTrue(scenario.node.enis().isEmpty());
        assertTrue(scenario.node.addresses().isEmpty());
        assertEquals(List.of(), io.ledgerway.domain.cloud.Provisioning.outstanding(scenario.node));
    }

    @Test
    void anEniThatComesAfterTheNodeWasRetiredIsGivenBack() {
        var scenario = new Scenario().registeredWithJournal().configured(3, 1).learnt(1, 6);
        var create = assertInstanceOf(CloudIntent.CreateEni.class, scenario.onlyIntent());
        scenario.lost().when(new NodeCommand.RetireNode(scenario.header(), NODE.node(), "the rack goes"));

        scenario.when(scenario.outcome(create.id(), scenario.success(create)));

        assertInstanceOf(CloudIntent.DeleteEni.class, scenario.onlyIntent());
    }

    @Test
    void aNewBootProvesThatEveryEndpointOfTheBootBeforeIsGone() {
        var scenario = standing("SERVING");
        var address = scenario.addressOf(pod("a", "s1"));

        scenario.when(scenario.register(NODE, "boot-2", "run-2", JOURNAL));

        assertTrue(scenario.node.endpoints().isEmpty());
        assertInstanceOf(Address.Cooling.class, scenario.node.addresses().get(address));
    }

    @Test
    void onlyTheLastFewInstancesAreRemembered() {
        var scenario = new Scenario().registeredWithJournal();
        for (int i = 0; i <= Node.MOST_PREDECESSORS; i++) {
            var next = new Incarnation(NODE.cluster(), NODE.node(), new InstanceId("i-1" + i));
            scenario.lost().when(scenario.register(next, "boot-" + i, "run", OTHER_JOURNAL));
        }

        assertEquals(Node.MOST_PREDECESSORS, scenario.node.predecessors().size());
        assertEquals(
                Optional.of("i-10"),
                scenario.node.predecessors().keySet().stream()
                        .map(each -> each.instance().value())
                        .collect(Collectors.toList())
                        .stream()
                        .findFirst());
        assertTrue(!scenario.node.predecessors().containsKey(THIRD));
    }
}
