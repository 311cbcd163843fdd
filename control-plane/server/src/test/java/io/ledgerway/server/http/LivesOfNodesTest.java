package io.ledgerway.server.http;

import static io.ledgerway.server.http.Rest.metric;
import static io.ledgerway.server.http.Rest.ok;
import static io.ledgerway.server.http.Rest.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.Surroundings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rule 24 on the control plane's side: lost, back, replaced, retired.
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class LivesOfNodesTest extends SpeakingNodes {

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
    void aNodeWhoseInstanceIsStoppedIsLostAndBackWhenItRegistersAnew() {
        var node = serving("stops", "i-stops");
        var pod = node.add("pod-that-stays");
        var held = node.node().endpoints();

        operate(operator -> operator.stop("i-stops"));
        node.until("the loss", state -> state.standing() instanceof Standing.Lost);

        assertEquals(held, node.node().endpoints());
        assertTrue(shown("stops").path("life").path("evidence").asText().startsWith("INSTANCE_STOPPED: ECS showed"));
        assertInstanceOf(NodeAnswer.Rejected.class, node.register(), "sent before the loss");
        operate(operator -> operator.start("i-stops"));
        assertInstanceOf(NodeAnswer.Done.class, node.register("run-2"));
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
