package io.ledgerway.server.http;

import static io.ledgerway.server.http.Rest.ask;
import static io.ledgerway.server.http.Rest.get;
import static io.ledgerway.server.http.Rest.health;
import static io.ledgerway.server.http.Rest.metric;
import static io.ledgerway.server.http.Rest.ok;
import static io.ledgerway.server.http.Rest.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.audit.StateDigest;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.Surroundings;
import io.ledgerway.server.testing.WithPostgres;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The REST interface of a whole control plane, with everything behind it real: an address that two pods had one after
/// the other, and whatever can be asked of that.
@QuarkusTest
@QuarkusTestResource(value = WithPostgres.class, restrictToAnnotatedClass = true)
class RestTest {

    private static final Incarnation NODE =
            new Incarnation(new ClusterId(Surroundings.CLUSTER), new NodeName("node-1"), new InstanceId("i-1"));
    private static final String FIRST = "rest-first";
    private static final String SECOND = "rest-second";

    /// The address that both pods had; made once for all tests.
    private static IpAddress address;

    @Inject
    Commands commands;

    @BeforeEach
    void twoPodsHadOneAddress() throws Exception {
        if (address == null) {
            Eventually.eventually(
                    "readiness",
                    () -> ask("/q/health/ready").statusCode() == 200,
                    () -> ask("/q/health/ready").body());
            tell(new NodeCommand.RegisterNode(header(), NODE, new BootId("boot-1"), "run-1", "0.1"));
            until("idle addresses", node -> node.idle() > 0);
            var idle = node().addresses().entrySet().stream()
                    .filter(entry -> entry.getValue() instanceof Address.Idle)
                    .findFirst()
                    .orElseThrow();
            var candidate = new Allocation.SharedEni(idle.getValue().eni(), List.of(idle.getKey()));
            allocate(FIRST, candidate);
            tell(new NodeCommand.ReportEndpointReady(
                    header(), NODE, pod(FIRST).attachment(), pod(FIRST).sandbox(), "lwfirst"));
            tell(new NodeCommand.ReleaseIp(
                    header(), NODE, pod(FIRST).attachment(), pod(FIRST).sandbox()));
            tell(new NodeCommand.ReportEndpointRemoved(
                    header(), NODE, pod(FIRST).attachment(), pod(FIRST).sandbox()));
            until("the address to be idle again", node -> node.addresses().get(idle.getKey()) instanceof Address.Idle);
            allocate(SECOND, candidate);
            address = idle.getKey();
        }
        Eventually.eventually(
                "the projection to know all of it",
                () -> {
                    var got = get("/v1/audit/pods/default/" + SECOND);
                    return got.status() == 200
                            && got.json().path("found").asBoolean()
                            && got.json().path("coverage").path("caughtUp").asBoolean();
                },
                () -> get("/v1/holdings"));
    }

    private static Header header() {
        return new Header(new CommandId(UUID.randomUUID().toString()), Instant.now(), "node/node-1@i-1");
    }

    private static PodRequest pod(String name) {
        return new PodRequest(
                new AttachmentId(new PodUid("uid-" + name), "eth0"),
                new SandboxId("sandbox-" + name),
                "default",
                name,
                PodRequest.Dns.NONE);
    }

    private NodeAnswer tell(NodeCommand command) throws Exception {
        return commands.execute(command).get(30, TimeUnit.SECONDS).answer();
    }

    private void allocate(String pod, Allocation candidate) throws Exception {
        var answer = tell(new NodeCommand.AllocateIp(header(), NODE, pod(pod), java.util.Optional.of(candidate)));
        assertTrue(answer instanceof NodeAnswer.Granted, answer::toString);
    }

    private Node node() {
        return commands.node(NODE.node()).state();
    }

    private void until(String what, java.util.function.Predicate<Node> condition) {
        Eventually.eventually(what, () -> condition.test(node()), this::node);
    }

    private JsonNode holding(String pod) {
        for (var holding : ok("/v1/holdings?all=true").path("holdings")) {
            if (holding.path("podName").asText().equals(pod)) {
                return holding;
            }
        }
        throw new AssertionError("no holding of " + pod);
    }

    private static JsonNode at(Instant time) {
        return ok("/v1/audit/addresses/" + address + "?at=" + time);
    }

    private static String holder(JsonNode answer) {
        assertEquals("held", answer.path("verdict").asText(), answer::toString);
        assertEquals(1, answer.path("holdings").size(), answer::toString);
        return answer.path("holdings").get(0).path("podName").asText();
    }

    @Test
    void whoHadAnAddressDependsOnTheMoment() {
        var first = holding(FIRST);
        var second = holding(SECOND);
        var from = Instant.parse(first.path("from").asText());
        var to = Instant.parse(first.path("to").asText());
        var next = Instant.parse(second.path("from").asText());

        assertEquals(FIRST, holder(at(from)));
        assertEquals(FIRST, holder(at(from.plus(Duration.between(from, to).dividedBy(2)))));
        assertEquals(SECOND, holder(at(next)));
        var between = at(to.plus(Duration.between(to, next).dividedBy(2)));
        assertEquals("free", between.path("verdict").asText(), between::toString);
        assertEquals("node-1", between.path("assignment").path("node").asText());
        assertTrue(between.path("perhaps").size() > 0, "both are within the clocks' uncertainty of that moment");
    }

    @Test
    void beforeTheLogAndInTheFutureNobodyIsCalledTheHolder() {
        var before = at(Instant.parse("2020-01-01T00:00:00Z"));
        assertEquals("unknown", before.path("verdict").asText());
        assertTrue(
                before.path("why").asText().contains("was on no ENI of this cluster at that time"), before::toString);

        var future = at(Instant.parse("2099-01-01T00:00:00Z"));
        assertEquals("unknown", future.path("verdict").asText());
        assertTrue(future.path("why").asText().contains("the projection knows the log up to"), future::toString);
    }

    @Test
    void anAddressIsToldWithAllItsHoldersAndItsHolderOfNow() {
        var told = ok("/v1/audit/addresses/" + address);

        assertTrue(told.path("found").asBoolean());
        assertEquals(2, told.path("holdings").size());
        assertEquals(SECOND, holder(told.path("now")));
        assertEquals(0, told.path("conflicts").size());
        assertTrue(
                told.path("unexplained").isArray() && told.path("unexplained").isEmpty(), told::toString);
        assertTrue(told.path("story").size() >= 4, told::toString);
        assertTrue(told.path("coverage").path("caughtUp").asBoolean());
        assertEquals("PT0.5S", told.path("clockUncertainty").asText());
    }

    @Test
    void anAddressThatNobodyHeardOfIsNotFoundAndNotFree() {
        var never = ok("/v1/audit/addresses/192.0.2.1");
        assertFalse(never.path("found").asBoolean());

        var then = ok("/v1/audit/addresses/192.0.2.1?at=" + Instant.now().minusSeconds(1));
        assertEquals("unknown", then.path("verdict").asText());
        assertEquals("the log has never heard of 192.0.2.1", then.path("why").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.1", "10.0.1.256", "web-1", "10.0.1.7%2F24", "%20", "::g"})
    void aMalformedAddressIsRefusedWithASentence(String ip) {
        refused("/v1/audit/addresses/" + ip, 400, "is neither an IPv4 nor an IPv6 address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-24", "2026-11-24T02:14:00", "2026-13-24T02:14:00Z"})
    void aMalformedTimeIsRefusedWithASentence(String time) {
        refused(
                "/v1/audit/addresses/" + address + "?at=" + time,
                400,
                "is no ISO-8601 moment, such as 2026-11-24T02:14:00Z");
    }

    @Test
    void aPodIsToldByNameAndByUid() {
        var named = ok("/v1/audit/pods/default/" + FIRST);
        assertTrue(named.path("found").asBoolean());
        assertEquals(1, named.path("count").asInt());
        var byName = named.path("pods").get(0);
        assertEquals("uid-" + FIRST, byName.path("podUid").asText());
        var types = byName.path("story").findValuesAsText("type");
        assertTrue(
                types.containsAll(List.of("IpAllocated", "EndpointReady", "IpReleased", "EndpointRemoved")),
                types::toString);
        for (var told : byName.path("story")) {
            assertEquals(
                    told.path("partition").asText() + ":"
                            + told.path("sequence").asText(),
                    told.path("position").asText());
            assertFalse(told.path("text").asText().isBlank());
        }

        var byUid = ok("/v1/audit/pods/uid-" + FIRST);
        assertEquals(byName.path("story"), byUid.path("story"));
        assertEquals(
                "ENDPOINT_REMOVED",
                byUid.path("holdings").get(0).path("endedBy").asText());
    }

    @Test
    void aPodOrANodeThatNobodyHeardOfIsNotFoundAndSaysWhatThatRestsOn() {
        for (var path :
                List.of("/v1/audit/pods/default/nobody", "/v1/audit/pods/no-such-uid", "/v1/audit/nodes/nowhere")) {
            var told = ok(path);
            assertFalse(told.path("found").asBoolean(), path);
            assertTrue(told.path("coverage").path("partitions").size() > 0, path);
        }
    }

    @Test
    void aNodeIsToldAndItsFoldIsTheOneBehindItsDigest() {
        var told = ok("/v1/audit/nodes/node-1");
        assertTrue(told.path("found").asBoolean());
        assertTrue(told.path("story").findValuesAsText("type").contains("NodeRegistered"));
        // Behind its last word an answer says that it need not be complete.
        var word = Instant.parse(told.path("toldUntil").asText());
        assertEquals(0, told.path("gaps").size());
        var behind = at(word.plusMillis(1)).path("doubt");
        assertEquals("notToldYet", behind.path("kind").asText(), told::toString);
        assertTrue(at(word).path("doubt").isMissingNode());

        var state = ok("/v1/audit/nodes/node-1/state");
        assertEquals("node-1", state.path("name").asText());
        assertEquals(StateDigest.of(node()), state.path("digest").asText());
        assertEquals(
                commands.node(NODE.node()).position().sequence(),
                state.path("position").path("sequence").asLong());
        refused("/v1/audit/nodes/nowhere/state", 404, "no node nowhere has registered in this log");
    }

    @Test
    void holdersAreThoseOfNowAndAllAreThoseOfEver() {
        var now = ok("/v1/holdings");
        assertEquals(1, now.path("count").asInt());
        assertEquals(SECOND, now.path("holdings").get(0).path("podName").asText());
        assertFalse(now.path("truncated").asBoolean());
        assertEquals(0, now.path("conflicts").size());

        var ever = ok("/v1/holdings?all=true");
        assertEquals(2, ever.path("count").asInt());
        var first = holding(FIRST);
        for (var field : List.of(
                "address",
                "namespace",
                "podName",
                "podUid",
                "interface",
                "node",
                "eni",
                "from",
                "begun",
                "to",
                "ended",
                "endedBy")) {
            assertTrue(first.hasNonNull(field), field);
        }
        assertFalse(holding(SECOND).has("to"), "it lasts");
    }

    @Test
    void nodesAreListedAndShownAndTheLogIsInspected() {
        var nodes = ok("/v1/nodes");
        assertEquals(List.of("node-1"), nodes.findValuesAsText("name"));
        var shown = ok("/v1/nodes/node-1");
        assertEquals("i-1", shown.path("instance").asText());
        assertEquals(3, shown.path("pool").path("lowWatermark").asInt());
        assertEquals("attached", shown.path("enis").get(0).path("state").asText());
        assertEquals(1, shown.path("endpoints").size());
        var log = ok("/v1/log");
        assertEquals(2, log.size());
        for (var partition : log) {
            assertEquals("OPEN", partition.path("state").asText());
            assertEquals(1, partition.path("epoch").asInt());
        }
    }

    @Test
    void whatDoesNotExistOrHasNoNameIsRefusedWithASentence() {
        refused("/v1/nodes/nowhere", 404, "no node nowhere has registered in this log");
        refused("/v1/nodes/%20", 400, "a node's name is not blank");
        refused("/v1/audit/nodes/%20", 400, "a node's name is not blank");
        refused("/v1/audit/nodes/%20/state", 400, "a node's name is not blank");
        refused("/v1/audit/pods/%20", 400, "a pod's UID is not blank");
        assertEquals(404, ask("/v1/nothing").statusCode());
    }

    @Test
    void howFarTheProjectionIsBehindTheLogIsInMetricsAndHealth() throws Exception {
        Eventually.eventually("no lag", () -> metric("ledgerway_projection_lag") == 0, () -> health("postgres.lag"));
        Eventually.eventually(
                "as much projected as committed",
                () -> metric("ledgerway_log_committed") == metric("ledgerway_projection_projected"),
                () -> ask("/q/metrics").body());
        assertEquals("up", health("postgres"));
        try (var connection = WithPostgres.connect()) {
            connection.setAutoCommit(false);
            hold(connection);

            tell(new NodeCommand.RegisterNode(header(), NODE, new BootId("boot-1"), "run-" + UUID.randomUUID(), "0.1"));

            Eventually.eventually("a lag", () -> metric("ledgerway_projection_lag") >= 1, () -> health("postgres.lag"));
            assertTrue(metric("ledgerway_projection_projected") < metric("ledgerway_log_committed"));
            assertTrue(Integer.parseInt(health("postgres.lag")) >= 1);
            assertEquals(200, ask("/q/health/ready").statusCode(), "nobody waits for the projection");
            connection.rollback();
        }
        Eventually.eventually("no lag", () -> metric("ledgerway_projection_lag") == 0, () -> health("postgres.lag"));
        assertEquals("0", health("postgres.lag"));
        var parts = health("postgres.partition-0").split(" ");
        assertEquals(parts[1], parts[3], () -> health("postgres.partition-0"));
    }

    private static void hold(java.sql.Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("select * from ledgerway_v2_a.projection_position for update");
        }
    }
}
