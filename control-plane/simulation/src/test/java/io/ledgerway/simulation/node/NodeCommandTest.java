package io.ledgerway.simulation.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.simulation.audit.AnsweringServer;
import io.ledgerway.simulation.audit.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `./ledgerway node` prints, what it sends, and the status that a script reads.
class NodeCommandTest {

    private static final String TOKEN = "a-token-of-an-operator";
    private static final String HELD = "10 nodes are gone and 0 were retired within PT10M; more than 3 are not";

    private final AnsweringServer server = new AnsweringServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Run node(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", server.url()));
        return Run.of(new NodeCommand(), all.toArray(String[]::new));
    }

    private static String summary(String name, String standing, String life, String addresses) {
        return "{\"name\":\"" + name + "\",\"instance\":\"i-" + name + "\",\"boot\":\"b\",\"standing\":\"" + standing
                + "\",\"life\":" + life + ",\"journal\":\"j-1:42\",\"enis\":2,\"addresses\":" + addresses
                + ",\"endpoints\":7,\"intents\":0}";
    }

    private static String life(boolean connected, String evidence, String held) {
        return "{\"connected\":" + connected
                + ",\"since\":\"2026-11-24T02:00:00Z\",\"spoke\":\"2026-11-24T02:00:09Z\",\"evidence\":\"" + evidence
                + "\",\"held\":\"" + held + "\",\"asks\":" + !held.isEmpty() + "}";
    }

    @Test
    void everyNodeIsALineAndAReasonThatSeveralShareIsSaidOnce() {
        server.answer(
                "/v1/nodes",
                "[" + summary("n-1", "serving", life(true, "", ""), "{\"idle\":3,\"bound\":7,\"withdrawn\":2}") + ","
                        + summary("n-2", "lost", life(false, "INSTANCE_GONE: ECS did not show i-n-2", HELD), "{}") + ","
                        + summary("n-3", "lost", life(false, "INSTANCE_GONE: ECS did not show i-n-3", HELD), "{}")
                        + "]");

        var run = node("list");

        assertEquals(0, run.status(), run.err());
        var lines = run.out().lines().toList();
        assertTrue(lines.get(0).startsWith("NODE  STANDING  INSTANCE"), run.out());
        assertTrue(
                lines.get(1).matches("n-1 +serving +i-n-1 +7 +3 +7 +0 +2 +2 +42 +since 2026-11-24T02:00:00Z"),
                run.out());
        assertTrue(lines.get(2).contains("no, since 2026-11-24T02:00:00Z"), run.out());
        assertTrue(run.out().contains("n-2 is lost: INSTANCE_GONE: ECS did not show i-n-2"), run.out());
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> line.contains("Waits for your word: " + HELD))
                        .count());
    }

    @Test
    void anEmptyLogIsASentence() {
        assertEquals("No node has registered in this log.\n", listOf("[]").out());
    }

    private Run listOf(String json) {
        server.answer("/v1/nodes", json);
        return node("list");
    }

    @Test
    void aNodeIsShownWithItsLifeAndItsAddresses() {
        server.answer(
                "/v1/nodes/n-1",
                "{\"name\":\"n-1\",\"cluster\":\"c\",\"instance\":\"i-1\",\"boot\":\"b-1\",\"standing\":\"lost\",\"life\":"
                        + life(false, "OPERATOR: no power", "")
                        + ",\"journal\":\"j-1:42\",\"predecessors\":[\"i-0 j-0:7\"],\"growthBlock\":\"\","
                        + "\"pool\":{\"lowWatermark\":8,\"highWatermark\":16,\"offlineReserve\":2},"
                        + "\"enis\":[{\"id\":\"eni-1\",\"state\":\"detaching\",\"vSwitch\":\"v\",\"primary\":\"10.0.0.1\"}],"
                        + "\"addresses\":[{\"ip\":\"10.0.0.2\",\"state\":\"bound\",\"eni\":\"eni-1\",\"holder\":\"uid/eth0\"}],"
                        + "\"intents\":[]}");

        var run = node("show", "n-1");

        assertEquals(0, run.status(), run.err());
        for (var said : List.of(
                "Node n-1 of cluster c is lost.",
                "OPERATOR: no power",
                "no, since 2026-11-24T02:00:00Z",
                "last spoke           2026-11-24T02:00:09Z",
                "i-0 j-0:7",
                "refilled to 10 idle, may keep 18, 2 of them for outages",
                "eni-1 detaching on v, primary 10.0.0.1",
                "10.0.0.2 bound on eni-1 for uid/eth0")) {
            assertTrue(run.out().contains(said), () -> said + " in\n" + run.out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost", "retire"})
    void aWordIsSentWithItsReasonAndTheToken(String verb) {
        server.answer("/v1/nodes/n-1/" + verb, "{\"message\":\"node n-1 is " + verb + "\",\"changed\":true}");

        var run = node(verb, "n-1", "--why", "it burnt", "--token", TOKEN);

        assertEquals(0, run.status(), run.err());
        assertEquals("node n-1 is " + verb + "\n", run.out());
        assertEquals(List.of("Bearer " + TOKEN + " {\"why\":\"it burnt\"}"), server.told());
    }

    @Test
    void whatIsNotDoneHasAStatusAndASentence() {
        server.answer("/v1/nodes/used/retire", 409, "{\"detail\":\"node used serves and has 3 pods\"}");
        server.answer("/v1/nodes/mine/retire", 401, "{\"detail\":\"an operator's token is needed\"}");
        server.answer("/v1/nodes/away/retire", 503, "{\"detail\":\"the log is away\"}");

        var used = node("retire", "used", "--token", TOKEN);
        assertEquals(4, used.status());
        assertTrue(used.err().contains("serves and has 3 pods"), used.err());
        assertEquals(3, node("retire", "nobody", "--token", TOKEN).status());
        assertEquals(3, node("show", "nobody").status());
        assertEquals(1, node("retire", "mine", "--token", TOKEN).status());
        assertEquals(1, node("retire", "away", "--token", TOKEN).status());
        assertEquals(2, node("retire").status());
        assertEquals(2, node("retire", " ").status());
        assertEquals(2, node("show", "..").status());
        assertEquals(2, node("bury", "n-1").status());
    }

    @Test
    void withoutATokenNobodyIsAskedAndTheSettingIsNamed() {
        var run = node("lost", "n-1", "--token", "");

        assertEquals(1, run.status());
        assertTrue(run.err().contains("LEDGERWAY_OPERATOR_TOKEN"), run.err());
        assertEquals(List.of(), server.told());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "127.0.0.1:7080", "ftp://host", "http://", "http://a b"})
    void whatIsNoAddressIsWrongUsage(String address) {
        var run = Run.of(new NodeCommand(), "list", "--server", address);

        assertEquals(2, run.status());
        assertTrue(run.err().contains("is no address of a control plane"), run.err());
    }

    @Test
    void anAnswerAsJsonIsTheControlPlanesOwn() throws IOException {
        var answer = "{\"message\":\"m\",\"changed\":false}";
        server.answer("/v1/nodes/n-1/lost", answer);

        var run = node("lost", "n-1", "--json", "--token", TOKEN);

        var mapper = new ObjectMapper();
        assertEquals(mapper.readTree(answer), mapper.readTree(run.out()));
    }
}
