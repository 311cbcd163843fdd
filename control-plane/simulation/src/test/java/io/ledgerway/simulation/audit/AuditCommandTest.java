package io.ledgerway.simulation.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `./ledgerway audit` prints, and the status that a script reads.
class AuditCommandTest {

    private static final String FOOT = "\"clockUncertainty\":\"PT0.5S\",\"coverage\":{\"caughtUp\":true,"
            + "\"partitions\":[{\"partition\":0,\"next\":12,\"behindAtMost\":0}]}";
    private static final String HOLDING = "{\"address\":\"10.0.1.7\",\"namespace\":\"shop\",\"podName\":\"web\","
            + "\"podUid\":\"uid-web\",\"interface\":\"eth0\",\"node\":\"node-1\",\"eni\":\"eni-1\","
            + "\"from\":\"2026-11-24T02:00:00Z\",\"begun\":\"0:8\",\"to\":\"2026-11-24T02:10:00Z\",\"ended\":\"0:11\","
            + "\"endedBy\":\"ENDPOINT_REMOVED\"}";
    private static final String STORY =
            "[{\"position\":\"0:8\",\"at\":\"2026-11-24T02:00:00Z\",\"type\":\"IpAllocated\","
                    + "\"text\":\"10.0.1.7 was allocated\"}]";
    private static final String WHO = "/v1/audit/addresses/10.0.1.7";
    private static final String AT = "2026-11-24T02:05:00Z";
    private static final String WHO_AT = WHO + "?at=2026-11-24T02%3A05%3A00Z";

    private final AnsweringServer server = new AnsweringServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Run audit(String... arguments) {
        var all = new java.util.ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", server.url()));
        return Run.of(new AuditCommand(), all.toArray(String[]::new));
    }

    private static String object(String... fields) {
        return "{" + String.join(",", fields) + "," + FOOT + "}";
    }

    @Test
    void whoHadAnAddressIsOneSentenceWithItsPositions() {
        server.answer(
                WHO_AT,
                object(
                        "\"address\":\"10.0.1.7\"",
                        "\"at\":\"" + AT + "\"",
                        "\"verdict\":\"held\"",
                        "\"holdings\":[" + HOLDING + "]",
                        "\"perhaps\":[]",
                        "\"conflicts\":[]"));

        var run = audit("who", "10.0.1.7", "--at", AT);

        assertEquals(0, run.status(), run.err());
        assertTrue(
                run.out().startsWith("10.0.1.7 was held by shop/web (UID uid-web, node node-1) at 2026-11-24T02:05:00"),
                run.out());
        assertTrue(run.out().contains("0:8..0:11"), run.out());
        assertTrue(run.out().contains("Rests on the log up to 0:11, all of it."), run.out());
    }

    private String whoAt(String... fields) {
        var all = new java.util.ArrayList<>(List.of("\"address\":\"10.0.1.7\"", "\"at\":\"" + AT + "\""));
        all.addAll(List.of(fields));
        server.answer(WHO_AT, object(all.toArray(String[]::new)));
        var run = audit("who", "10.0.1.7", "--at", AT);
        assertTrue(run.out().contains("Rests on the log"), run.out() + run.err());
        return run.out();
    }

    @Test
    void whatWasToldLateSaysWhenItHappenedAndWhenItWasTold() {
        var late = HOLDING.replace(
                "\"begun\"", "\"fromTold\":\"2026-11-24T02:02:37Z\",\"toTold\":\"2026-11-24T02:16:40Z\",\"begun\"");

        var text = whoAt("\"verdict\":\"held\"", "\"holdings\":[" + late + "]", "\"perhaps\":[]");

        assertTrue(text.contains("2026-11-24T02:00:00.000Z, told at 02:02:37.000Z"), text);
        assertTrue(text.contains("2026-11-24T02:10:00.000Z, told at 02:16:40.000Z"), text);
    }

    @Test
    void aStoryThatWasToldLateSaysSoToo() {
        var told = "[{\"position\":\"0:8\",\"at\":\"2026-11-24T02:14:03Z\",\"recordedAt\":\"2026-11-24T02:16:40Z\","
                + "\"toldLate\":true,\"type\":\"IpAllocated\",\"text\":\"10.0.1.7 was allocated\"}]";
        server.answer(
                "/v1/audit/nodes/node-1",
                object(
                        "\"node\":\"node-1\"",
                        "\"found\":true",
                        "\"holdings\":[]",
                        "\"toldUntil\":\"2026-11-24T02:16:40Z\"",
                        "\"gaps\":[" + GAP + "]",
                        "\"story\":" + told));

        var text = audit("node", "node-1").out();

        assertTrue(text.contains("2026-11-24T02:14:03.000Z, told at 02:16:40.000Z"), text);
        assertTrue(text.contains("The node has told what it did until 2026-11-24T02:16:40.000Z."), text);
        assertTrue(text.contains("UNKNOWN: what node node-1 did on its own from 2026-11-24T02:01:00.000Z to"), text);
    }

    private static final String GAP = "{\"node\":\"node-1\",\"cause\":\"JOURNAL_LOST\","
            + "\"from\":\"2026-11-24T02:01:00Z\",\"to\":\"2026-11-24T02:09:00Z\",\"told\":\"0:11\"}";

    @Test
    void whatIsHeldInAGapIsHeldAsFarAsKnownOnly() {
        var text = whoAt(
                "\"verdict\":\"held\"",
                "\"holdings\":[" + HOLDING + "]",
                "\"perhaps\":[]",
                "\"doubt\":{\"kind\":\"lost\",\"gap\":" + GAP + "}");

        assertTrue(text.contains("As far as known only: what node node-1 did on its own from"), text);
        assertTrue(text.contains("(JOURNAL_LOST, told at 0:11)"), text);
    }

    @Test
    void anAnswerBehindANodesLastWordSaysThatItMayNotBeComplete() {
        var text = whoAt(
                "\"verdict\":\"free\"",
                "\"holdings\":[]",
                "\"assignment\":{\"eni\":\"eni-1\",\"node\":\"node-1\"}",
                "\"perhaps\":[]",
                "\"doubt\":{\"kind\":\"notToldYet\",\"node\":\"node-1\",\"toldUntil\":\"2026-11-24T02:01:00Z\"}");

        assertTrue(
                text.contains("Not known to be complete: node node-1 has told what it did until"
                        + " 2026-11-24T02:01:00.000Z"),
                text);
    }

    @Test
    void whatContradictsTheLogIsAnAlarm() {
        var text = whoAt(
                "\"verdict\":\"held\"",
                "\"holdings\":[" + HOLDING + "]",
                "\"perhaps\":[]",
                "\"unexplained\":[{\"position\":\"0:9\",\"at\":\"2026-11-24T02:03:00Z\","
                        + "\"text\":\"the node's kernel has the pod\"}]");

        assertTrue(text.contains("UNEXPLAINED: the node's kernel has the pod (2026-11-24T02:03:00.000Z, 0:9)."), text);
    }

    @Test
    void anAddressThatWasFreeIsAnAnswerToo() {
        server.answer(
                WHO_AT,
                object(
                        "\"address\":\"10.0.1.7\"",
                        "\"at\":\"" + AT + "\"",
                        "\"verdict\":\"free\"",
                        "\"holdings\":[]",
                        "\"assignment\":{\"eni\":\"eni-1\",\"node\":\"node-1\"}",
                        "\"perhaps\":[]",
                        "\"conflicts\":[]"));

        var run = audit("who", "10.0.1.7", "--at", AT);

        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().startsWith("No pod held 10.0.1.7 at"), run.out());
    }

    @Test
    void whatIsNotKnownIsSaidAndNeverCalledFree() {
        server.answer(
                WHO_AT,
                object(
                        "\"address\":\"10.0.1.7\"",
                        "\"at\":\"" + AT + "\"",
                        "\"verdict\":\"unknown\"",
                        "\"why\":\"the log is not read that far\"",
                        "\"holdings\":[]",
                        "\"perhaps\":[]",
                        "\"conflicts\":[]"));

        var run = audit("who", "10.0.1.7", "--at", AT);

        assertEquals(AuditCommand.NOTHING_KNOWN, run.status());
        assertTrue(run.out().startsWith("Unknown who held 10.0.1.7 at"), run.out());
        assertTrue(run.out().contains("the log is not read that far"), run.out());
    }

    @Test
    void aWholeHistoryNamesItsHolderOfNow() {
        var open = HOLDING.replaceAll(",\"to\".*}", "}");
        server.answer(
                WHO,
                object(
                        "\"address\":\"10.0.1.7\"",
                        "\"found\":true",
                        "\"holdings\":[" + HOLDING + "," + open.replace("web", "db") + "]",
                        "\"conflicts\":[]"));

        var run = audit("who", "10.0.1.7");

        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().startsWith("10.0.1.7 is held by shop/db"), run.out());
        assertTrue(run.out().contains("it was given out 2 times"), run.out());
    }

    @Test
    void aConflictIsAnAlarmInCapitals() {
        server.answer(
                WHO,
                object(
                        "\"address\":\"10.0.1.7\"",
                        "\"found\":true",
                        "\"holdings\":[" + HOLDING + "]",
                        "\"conflicts\":[{\"first\":\"0:8\",\"second\":\"1:3\"}]"));

        var run = audit("who", "10.0.1.7");

        assertTrue(run.out().contains("CONFLICT: two pods held this address at once, at 0:8 and 1:3"), run.out());
    }

    @Test
    void anOverlapThatTheLogExplainsIsNoAlarm() {
        server.answer(
                WHO,
                object(
                        "\"address\":\"10.0.1.7\"",
                        "\"found\":true",
                        "\"holdings\":[" + HOLDING + "]",
                        "\"conflicts\":[]",
                        "\"heardLate\":[" + late("0:8", "1:3", "0:8") + "," + late("1:4", "0:9", "0:9") + "]"));

        var run = audit("who", "10.0.1.7");

        assertFalse(run.out().contains("CONFLICT"), run.out());
        assertTrue(run.out().contains("Heard late: the instance of 0:8 was gone by"), run.out());
        assertTrue(run.out().contains("given its address to 1:3"), run.out());
        assertTrue(run.out().contains("the instance of 0:9 was gone by"), run.out());
        assertTrue(run.out().contains("given its address to 1:4"), run.out());
        assertTrue(run.out().contains("not of who held it"), run.out());
    }

    private static String late(String first, String second, String released) {
        return "{\"first\":\"" + first + "\",\"second\":\"" + second + "\",\"released\":\"" + released
                + "\",\"told\":\"0:21\",\"gone\":\"2026-11-24T02:14:00Z\"}";
    }

    @Test
    void anAddressThatNobodyHeardOfExitsWithThree() {
        server.answer(WHO, object("\"address\":\"10.0.1.7\"", "\"found\":false"));

        var run = audit("who", "10.0.1.7");

        assertEquals(AuditCommand.NOTHING_KNOWN, run.status());
        assertTrue(run.out().startsWith("Nothing is known of 10.0.1.7."), run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.1", "10.0.1.256", "web-1", "10.0.1.7/24", ""})
    void aMalformedAddressIsWrongUsageAndIsNotAsked(String address) {
        var run = audit("who", address);

        assertEquals(2, run.status());
        assertTrue(run.err().contains("'" + address + "' is no IP address"), run.err());
        assertEquals(List.of(), server.asked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-24", "2026-11-24 02:14:00", "2026-13-24T02:14:00Z"})
    void aMalformedTimeIsWrongUsageAndIsNotAsked(String time) {
        var run = audit("who", "10.0.1.7", "--at", time);

        assertEquals(2, run.status());
        assertTrue(run.err().contains("'" + time + "' is no moment; write it in UTC"), run.err());
        assertEquals(List.of(), server.asked());
    }

    @Test
    void ipv6IsAskedForInItsOneForm() {
        server.answer("/v1/audit/addresses/fd00%3A0%3A0%3A0%3A0%3A0%3A0%3A7", object("\"found\":false"));

        assertEquals(AuditCommand.NOTHING_KNOWN, audit("who", "fd00::7").status());
    }

    @Test
    void aPodIsToldByNameByQualifiedNameAndByUid() {
        var pod = "{\"podUid\":\"uid-web\",\"found\":true,\"holdings\":[" + HOLDING + "],\"story\":" + STORY + "}";
        var named = object("\"found\":true", "\"count\":1", "\"pods\":[" + pod + "]");
        server.answer("/v1/audit/pods/shop/web", named)
                .answer(
                        "/v1/audit/pods/uid-web",
                        object(
                                "\"podUid\":\"uid-web\"",
                                "\"found\":true",
                                "\"holdings\":[" + HOLDING + "]",
                                "\"story\":" + STORY));

        for (var arguments : List.of(
                List.of("pod", "web", "--namespace", "shop"),
                List.of("pod", "shop/web"),
                List.of("pod", "uid-web", "--uid"))) {
            var run = audit(arguments.toArray(String[]::new));
            assertEquals(0, run.status(), run.err());
            assertTrue(run.out().contains("UID uid-web, held 10.0.1.7 on node node-1"), run.out());
            assertTrue(run.out().contains("10.0.1.7 was allocated"), run.out());
        }
    }

    @Test
    void aPodAndANodeThatNobodyHeardOfExitWithThree() {
        server.answer("/v1/audit/pods/default/nobody", object("\"found\":false", "\"count\":0", "\"pods\":[]"))
                .answer("/v1/audit/nodes/nowhere", object("\"found\":false", "\"holdings\":[]", "\"story\":[]"));

        var pod = audit("pod", "nobody");
        var node = audit("node", "nowhere");

        assertEquals(AuditCommand.NOTHING_KNOWN, pod.status());
        assertTrue(pod.out().startsWith("Nothing is known of pod default/nobody."), pod.out());
        assertEquals(AuditCommand.NOTHING_KNOWN, node.status());
        assertTrue(node.out().startsWith("Nothing is known of node nowhere."), node.out());
    }

    @Test
    void aNodeIsToldWithWhatItHolds() {
        server.answer(
                "/v1/audit/nodes/node-1",
                object(
                        "\"node\":\"node-1\"",
                        "\"found\":true",
                        "\"holdings\":[" + HOLDING + "]",
                        "\"story\":" + STORY));

        var run = audit("node", "node-1");

        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().startsWith("Node node-1: 1 addresses are held, 1 records."), run.out());
    }

    @Test
    void jsonIsTheWholeAnswer() throws IOException {
        var answer = object("\"node\":\"node-1\"", "\"found\":true", "\"holdings\":[]", "\"story\":" + STORY);
        server.answer("/v1/audit/nodes/node-1", answer);

        var run = audit("node", "node-1", "--json");

        assertEquals(0, run.status(), run.err());
        assertEquals(new ObjectMapper().readTree(answer), new ObjectMapper().readTree(run.out()));
    }

    @Test
    void jsonOfNothingExitsWithThreeToo() {
        server.answer(WHO, object("\"address\":\"10.0.1.7\"", "\"found\":false"));

        assertEquals(
                AuditCommand.NOTHING_KNOWN, audit("who", "10.0.1.7", "--json").status());
    }

    @Test
    void aControlPlaneThatIsNotThereIsNamedWithWhatToDo() {
        server.close();

        var run = audit("who", "10.0.1.7");

        assertEquals(1, run.status());
        assertTrue(run.err().contains(server.url()), run.err());
        assertTrue(run.err().contains("is the control plane running there? --server names another address"), run.err());
        assertEquals("", run.out());
    }

    @Test
    void aControlPlaneThatCannotAnswerIsQuoted() {
        server.answer(WHO, 503, "{\"title\":\"no\",\"detail\":\"the ledger's projection cannot be read\"}");

        var run = audit("who", "10.0.1.7");

        assertEquals(1, run.status());
        assertTrue(run.err().contains("answered 503: the ledger's projection cannot be read"), run.err());
    }

    @Test
    void aNameThatIsBlankIsWrongUsage() {
        assertEquals(2, audit("pod", " ").status());
        assertEquals(2, audit("node", "").status());
        assertEquals(List.of(), server.asked());
    }
}
