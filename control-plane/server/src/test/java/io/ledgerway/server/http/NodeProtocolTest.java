package io.ledgerway.server.http;

import static io.ledgerway.server.http.Rest.metric;
import static io.ledgerway.server.http.Rest.ok;
import static io.ledgerway.server.http.Rest.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.Surroundings;
import io.ledgerway.simulator.cloud.Operator;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The node protocol on the control plane's side with everything real: Kafka, the cloud over HTTP through its SDK,
/// REST.
/// The nodes are this test, which says what an executor would.
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class NodeProtocolTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MOST_IDLE = 6;

    @Inject
    Commands commands;

    @BeforeEach
    void ready() {
        Eventually.eventually(
                "readiness",
                () -> Rest.ask("/q/health/ready").statusCode() == 200,
                () -> Rest.ask("/q/health/ready").body());
    }

    /// What an executor is to the log.
    private final class Executor {
        final Incarnation incarnation;
        final JournalId journal;
        private long sequence;

        Executor(String node, String instance) {
            incarnation =
                    new Incarnation(new ClusterId(Surroundings.CLUSTER), new NodeName(node), new InstanceId(instance));
            journal = new JournalId("journal-of-" + instance);
        }

        NodeAnswer register() {
            return tell(new NodeCommand.RegisterNode(
                    header(),
                    incarnation,
                    Optional.of(new JournalMark(journal, sequence)),
                    new BootId("boot-of-" + incarnation.instance()),
                    "run-1",
                    "0.1"));
        }

        NodeAnswer drain(JournalFact fact) {
            return tell(new NodeCommand.DrainJournal(
                    header(), incarnation, journal, List.of(new Journalled(++sequence, Instant.now(), fact))));
        }

        Node node() {
            return commands.node(incarnation.node()).state();
        }

        void until(String what, Predicate<Node> condition) {
            Eventually.eventually(what, () -> condition.test(node()), this::node);
        }

        /// A running pod, once there is an idle address.
        PodRequest add(String pod) {
            var request = new PodRequest(
                    new AttachmentId(new PodUid(pod), "eth0"),
                    new SandboxId("sandbox-" + pod),
                    "default",
                    pod,
                    PodRequest.Dns.NONE);
            until(
                    "an address for " + pod,
                    node -> firstIdle(node)
                            .map(candidate -> tell(new NodeCommand.AllocateIp(
                                    header(), incarnation, mark(), request, Optional.of(candidate))))
                            .filter(NodeAnswer.Granted.class::isInstance)
                            .isPresent());
            return request;
        }

        private Optional<JournalMark> mark() {
            return Optional.of(new JournalMark(journal, sequence));
        }

        void remove(PodRequest pod) {
            tell(new NodeCommand.ReleaseIp(header(), incarnation, mark(), pod.attachment(), pod.sandbox()));
            tell(new NodeCommand.ReportEndpointRemoved(header(), incarnation, mark(), pod.attachment(), pod.sandbox()));
        }

        /// Confirms whatever is wished back, as the executor's journal does.
        void confirmWishes() {
            var wishes = new LinkedHashMap<io.ledgerway.domain.Ids.WishId, List<IpAddress>>();
            node().addresses().forEach((ip, address) -> {
                if (address instanceof Address.Withdrawing wished) {
                    wishes.computeIfAbsent(wished.wish(), wish -> new ArrayList<>())
                            .add(ip);
                }
            });
            wishes.forEach((wish, ips) -> drain(new JournalFact.WithdrawalConfirmed(wish, ips)));
        }
    }

    private static Optional<Allocation> firstIdle(Node node) {
        return node.addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle)
                .findFirst()
                .map(entry -> new Allocation.SharedEni(entry.getValue().eni(), List.of(entry.getKey())));
    }

    private static Header header() {
        return new Header(new CommandId(UUID.randomUUID().toString()), Instant.now(), "test");
    }

    private NodeAnswer tell(NodeCommand command) {
        try {
            return commands.execute(command).get(30, TimeUnit.SECONDS).answer();
        } catch (Exception e) {
            throw new IllegalStateException(command + " failed", e);
        }
    }

    private static void operate(Consumer<Operator> work) {
        Surroundings.running().cloud().cloud().operate(operator -> {
            work.accept(operator);
            return null;
        });
    }

    private Executor executor(String node, String instance) {
        operate(operator -> operator.createInstance(
                instance, instance, "ecs.g7.xlarge", "vsw-a", List.of("sg-1"), Optional.empty()));
        return new Executor(node, instance);
    }

    private Executor serving(String node, String instance) {
        var executor = executor(node, instance);
        assertInstanceOf(NodeAnswer.Done.class, executor.register());
        executor.until(
                "idle addresses", state -> state.idle() >= 3 && state.intents().isEmpty());
        return executor;
    }

    /// What the cloud has of ours: ENI to its secondary addresses.
    private static Map<String, List<String>> secondaryEnis(Predicate<JsonNode> which) {
        var inventory =
                MAPPER.valueToTree(Surroundings.running().cloud().cloud().operate(Operator::inventory));
        var found = new LinkedHashMap<String, List<String>>();
        for (var eni : inventory.path("networkInterfaces")) {
            if (eni.path("type").asText().equals("Secondary") && which.test(eni)) {
                var addresses = new ArrayList<String>();
                eni.path("addresses").forEach(ip -> addresses.add(ip.asText()));
                addresses.remove(eni.path("primaryAddress").asText());
                found.put(eni.path("id").asText(), addresses);
            }
        }
        return found;
    }

    private static Map<String, List<String>> enisOf(String instance) {
        return secondaryEnis(eni -> eni.path("instanceId").asText().equals(instance));
    }

    private static JsonNode shown(String node) {
        return ok("/v1/nodes/" + node);
    }

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

    @Test
    void anotherInstanceGetsTheNameOnceTheCloudShowsTheOldOneGone() {
        var old = serving("replaced", "i-replaced-1");
        old.add("pod-of-the-old-one");
        var before = enisOf("i-replaced-1");
        var next = executor("replaced", "i-replaced-2");

        var refused =
                assertInstanceOf(NodeAnswer.Rejected.class, next.register()).rejection();
        assertEquals(Reason.OTHER_INCARNATION, refused.reason());
        assertTrue(refused.message().contains("ECS is asked about i-replaced-1 now"), refused.message());
        operate(operator -> operator.release("i-replaced-1"));

        // Its executor goes on asking.
        Eventually.eventually(
                "the new instance to be let in", () -> next.register() instanceof NodeAnswer.Done, next::node);

        next.until(
                "addresses of its own",
                state -> state.idle() >= 3 && state.intents().isEmpty());
        assertEquals(Optional.of(next.incarnation), next.node().incarnation());
        assertTrue(next.node().endpoints().isEmpty());
        Eventually.eventually(
                "the old ENIs to be gone",
                () -> secondaryEnis(eni -> before.containsKey(eni.path("id").asText()))
                        .isEmpty(),
                () -> secondaryEnis(eni -> true));
        assertTrue(next.node().addresses().values().stream().noneMatch(Address.Stranded.class::isInstance));

        var late = assertInstanceOf(NodeAnswer.Rejected.class, old.register()).rejection();
        assertEquals(Reason.OTHER_INCARNATION, late.reason());
        var state = next.node();
        assertEquals(
                new NodeAnswer.Drained(1),
                old.drain(new JournalFact.Abandoned(
                        new PodRequest(
                                new AttachmentId(new PodUid("late"), "eth0"),
                                new SandboxId("late"),
                                "default",
                                "late",
                                PodRequest.Dns.NONE),
                        "gave up")));
        assertEquals(state.addresses(), next.node().addresses(), "its journal is history");
        assertTrue(
                shown("replaced").path("predecessors").toString().contains("i-replaced-1 journal-of-i-replaced-1:1"));
    }

    @Test
    void anOperatorDeclaresANodeLostAndRetiresIt() {
        var node = serving("retires", "i-retires");
        node.add("pod-in-use");
        var token = Surroundings.OPERATOR_TOKEN;
        var path = "/v1/nodes/retires/";

        assertEquals(401, post(path + "lost", "", "{}").status());
        assertEquals(401, post(path + "lost", "a-guess-of-somebody", "{}").status());
        assertEquals(404, post("/v1/nodes/nowhere/lost", token, "{}").status());
        assertEquals(
                400,
                post(path + "lost", token, "{\"why\":\"" + "x".repeat(501) + "\"}")
                        .status());
        var inUse = post(path + "retire", token, "{}");
        assertEquals(409, inUse.status());
        assertTrue(inUse.json().path("detail").asText().contains("pods on it: 1"), inUse::toString);
        assertTrue(node.node().isServing(), "nothing of that has changed anything");

        var lost = post(path + "lost", token, "{\"why\":\"the rack burnt\"}");
        assertEquals(200, lost.status(), lost::toString);
        assertTrue(lost.json().path("changed").asBoolean());
        assertEquals(
                "OPERATOR: the rack burnt",
                shown("retires").path("life").path("evidence").asText());
        assertEquals(1, node.node().endpoints().size(), "nothing is freed by that");
        var again = post(path + "lost", token, "{}");
        assertEquals(200, again.status());
        assertFalse(again.json().path("changed").asBoolean());

        assertEquals(
                200, post(path + "retire", token, "{\"why\":\"it is ash\"}").status());
        assertEquals("retired", shown("retires").path("standing").asText());
        Eventually.eventually("its ENIs to be gone", () -> enisOf("i-retires").isEmpty(), node::node);
        node.until(
                "nothing to be left",
                state -> state.enis().isEmpty() && state.addresses().isEmpty());
        assertFalse(post(path + "retire", token, "{}").json().path("changed").asBoolean());
        var back = assertInstanceOf(NodeAnswer.Rejected.class, node.register()).rejection();
        assertEquals(Reason.NODE_RETIRED, back.reason());
    }

    @Test
    void aNodeWhoseInstanceIsStoppedIsLostAndBackWhenItSpeaks() {
        var node = serving("stops", "i-stops");
        var pod = node.add("pod-that-stays");
        var held = node.node().endpoints();

        operate(operator -> operator.stop("i-stops"));
        node.until("the loss", state -> state.standing() instanceof Standing.Lost);

        assertEquals(held, node.node().endpoints());
        assertTrue(shown("stops").path("life").path("evidence").asText().startsWith("INSTANCE_STOPPED: ECS showed"));
        operate(operator -> operator.start("i-stops"));
        assertInstanceOf(NodeAnswer.Done.class, node.register());
        assertTrue(node.node().isServing());
        assertTrue(node.node().endpoint(pod.attachment()).isPresent());
    }

    @Test
    void tenNodesThatVanishAtOnceAreTakenApartOnlyOnAnOperatorsWord() {
        var nodes = new ArrayList<Executor>();
        for (int number = 0; number < 10; number++) {
            nodes.add(executor("mass-" + number, "i-mass-" + number));
        }
        nodes.forEach(node -> assertInstanceOf(NodeAnswer.Done.class, node.register()));
        nodes.forEach(node -> node.until(
                "addresses", state -> state.idle() >= 3 && state.intents().isEmpty()));

        operate(operator -> nodes.forEach(
                node -> operator.release(node.incarnation.instance().value())));
        nodes.forEach(node -> node.until("the loss", state -> state.standing() instanceof Standing.Lost));

        Eventually.eventually(
                "the question", () -> metric("ledgerway_nodes{standing=\"held\"}") == 10, () -> ok("/v1/nodes"));
        assertTrue(nodes.stream().allMatch(node -> node.node().standing() instanceof Standing.Lost));
        for (var node : nodes) {
            var life = shown(node.incarnation.node().value()).path("life");
            assertTrue(life.path("asks").asBoolean(), life::toString);
            assertTrue(life.path("held").asText().contains("10 nodes are gone"), life::toString);
        }

        for (int number = 0; number < 7; number++) {
            assertEquals(
                    200,
                    post("/v1/nodes/mass-" + number + "/retire", Surroundings.OPERATOR_TOKEN, "{}")
                            .status());
        }

        nodes.forEach(node -> node.until(
                "its end",
                state -> state.standing() instanceof Standing.Retired
                        && state.enis().isEmpty()
                        && state.addresses().isEmpty()));
        assertTrue(secondaryEnis(eni -> eni.path("instanceId").isNull()).isEmpty(), "nothing is left lying about");
        Eventually.eventually(
                "no question", () -> metric("ledgerway_nodes{standing=\"held\"}") == 0, () -> ok("/v1/nodes"));
    }
}
