package io.ledgerway.simulator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerway.simulator.Fabric;
import io.ledgerway.simulator.Simulator;
import io.ledgerway.simulator.SimulatorHarness;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorHttpTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void queryFormAndGetAreTheSameRequest() throws Exception {
        try (var simulator = started()) {
            for (String method : new String[] {"GET", "POST"}) {
                var answer = send(simulator, method, signed(method, Map.of("Action", "DescribeVSwitches")), "");
                assertEquals(200, answer.statusCode(), answer.body());
            }
            var form = signed("POST", Map.of("Action", "DescribeVSwitches"));
            var request = HttpRequest.newBuilder(URI.create("http://" + simulator.endpoint() + "/"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form))
                    .build();
            assertEquals(200, http.send(request, BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    void aReplayAnOldTimeAndAChangedParameterAreRefused() throws Exception {
        try (var simulator = started()) {
            String query = signed("POST", Map.of("Action", "DescribeVSwitches"));
            assertEquals(200, send(simulator, "POST", query, "").statusCode());
            assertEquals("SignatureNonceUsed", code(send(simulator, "POST", query, "")));
            Instant old = Instant.now().minus(Duration.ofMinutes(16)).truncatedTo(ChronoUnit.SECONDS);
            String late = signed("POST", Map.of("Action", "DescribeVSwitches", "Timestamp", old.toString()));
            assertEquals("IllegalTimestamp", code(send(simulator, "POST", late, "")));
            String forged = signed("POST", Map.of("Action", "DescribeVSwitches")) + "&VpcId=vpc-1";
            var refused = send(simulator, "POST", forged, "");
            assertEquals(400, refused.statusCode());
            assertEquals("SignatureDoesNotMatch", code(refused));
            String message = JSON.readTree(refused.body()).get("Message").asText();
            assertTrue(message.contains("server string to sign is:POST&%2F&AccessKeyId%3Dak%26"), message);
            String unknown = signed("POST", Map.of("Action", "DescribeVSwitches", "AccessKeyId", "other"));
            assertEquals("InvalidAccessKeyId.NotFound", code(send(simulator, "POST", unknown, "")));
            assertEquals(
                    "IncompleteSignature",
                    code(send(simulator, "POST", "Action=DescribeVSwitches&Version=2014-05-26", "")));
        }
    }

    @Test
    void answersComeInTheFormatAskedForAndWithoutEscapes() throws Exception {
        try (var simulator = started()) {
            var asked = new TreeMap<>(Map.of(
                    "Action", "CreateNetworkInterface",
                    "VSwitchId", "vsw-a",
                    "SecurityGroupIds.1", "sg-1",
                    "Tag.1.Key", "k",
                    "Tag.1.Value", "平<面>=&'"));
            String json = send(simulator, "POST", signed("POST", asked), "").body();
            assertTrue(json.contains("\"TagValue\":\"平<面>=&'\""), json);
            asked.put("Format", "XML");
            var xml = send(simulator, "POST", signed("POST", asked), "");
            assertTrue(xml.headers().firstValue("Content-Type").orElseThrow().startsWith("text/xml"));
            assertTrue(xml.body().contains("<TagValue>平&lt;面&gt;=&amp;'</TagValue>"), xml.body());
        }
    }

    @Test
    void aRestartedSimulatorHasTheSameCloud() throws Exception {
        Path state = folder.resolve("cloud.jsonl");
        var asked = Map.of(
                "Action", "CreateNetworkInterface",
                "VSwitchId", "vsw-a",
                "SecurityGroupIds.1", "sg-1",
                "SecondaryPrivateIpAddressCount", "2",
                "ClientToken", "t-1");
        JsonNode before;
        JsonNode made;
        try (var simulator = Simulator.start(SimulatorHarness.keptIn(state), Fabric.none())) {
            made = JSON.readTree(
                    send(simulator, "POST", signed("POST", asked), "").body());
            before = inventory(simulator);
        }
        // As when the process dies in the middle of a line.
        Files.writeString(state, "{\"kind\":\"INTERFACE\",\"id\":\"eni", StandardOpenOption.APPEND);
        try (var simulator = Simulator.start(SimulatorHarness.keptIn(state), Fabric.none())) {
            assertEquals(before, inventory(simulator));
            var again = JSON.readTree(
                    send(simulator, "POST", signed("POST", asked), "").body());
            assertEquals(made.get("NetworkInterfaceId"), again.get("NetworkInterfaceId"));
            var other = new TreeMap<>(asked);
            other.put("ClientToken", "t-2");
            var next = JSON.readTree(
                    send(simulator, "POST", signed("POST", other), "").body());
            assertEquals(
                    1,
                    inventory(simulator).get("networkInterfaces").findValuesAsText("id").stream()
                            .filter(next.get("NetworkInterfaceId").asText()::equals)
                            .count());
        }
    }

    @Test
    void aBrokenLineInTheMiddleOfTheStateFileIsNotPassedOver() throws Exception {
        Path state = folder.resolve("cloud.jsonl");
        Files.writeString(state, "{\"kind\":\n{}\n");
        assertThrows(IOException.class, () -> Simulator.start(SimulatorHarness.keptIn(state), Fabric.none()));
    }

    @Test
    void theOperatorSetsUpFaultsAndTakesAway() throws Exception {
        try (var simulator = started()) {
            assertEquals(200, admin(simulator, "POST", "/vswitches", """
                    {"id":"vsw-b","vpcId":"vpc-1","zoneId":"cn-hangzhou-h","cidr":"10.9.0.0/24"}""").statusCode());
            assertEquals(400, admin(simulator, "POST", "/vswitches", """
                    {"id":"vsw-c","vpcId":"vpc-1","zoneId":"cn-hangzhou-h","cidr":"10.9.0.128/25"}""").statusCode());
            assertEquals(200, admin(simulator, "POST", "/instances", """
                    {"id":"i-2","instanceType":"ecs.g7.xlarge","vSwitchId":"vsw-b","securityGroupIds":["sg-1"]}""").statusCode());
            assertEquals(
                    200, admin(simulator, "POST", "/instances/i-2/stop", "").statusCode());
            assertTrue(inventory(simulator).get("instances").toString().contains("Stopped"));
            assertEquals(
                    200, admin(simulator, "POST", "/instances/i-2/release", "").statusCode());
            assertEquals(1, inventory(simulator).get("networkInterfaces").size());
            assertEquals(200, admin(simulator, "POST", "/faults", """
                    {"action":"DescribeVSwitches","kind":"REJECT","status":503,"code":"ServiceUnavailable","delay":"PT0.01S"}""").statusCode());
            var refused = send(simulator, "POST", signed("POST", Map.of("Action", "DescribeVSwitches")), "");
            assertEquals("ServiceUnavailable", code(refused));
            String id = JSON.readTree(refused.body()).get("RequestId").asText();
            String log = admin(simulator, "GET", "/requests", "").body();
            assertTrue(log.contains(id), log);
            assertTrue(!log.contains("\"Signature\""), log);
            assertEquals(404, admin(simulator, "GET", "/nothing", "").statusCode());
        }
    }

    private static Simulator started() throws IOException {
        return Simulator.start(SimulatorHarness.configuration(), Fabric.none());
    }

    private HttpResponse<String> send(Simulator simulator, String method, String query, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://" + simulator.endpoint() + "/?" + query))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> admin(Simulator simulator, String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(simulator.adminUri().resolve(path))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private JsonNode inventory(Simulator simulator) throws IOException, InterruptedException {
        var tree = (ObjectNode)
                JSON.readTree(admin(simulator, "GET", "/inventory", "").body());
        tree.remove("at");
        return tree;
    }

    private static String code(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).get("Code").asText();
    }

    /// A signature version 1 written from its description, so that not only our own check is the judge.
    private static String signed(String method, Map<String, String> asked) throws Exception {
        var parameters = new TreeMap<String, String>();
        parameters.put("Version", "2014-05-26");
        parameters.put("AccessKeyId", "ak");
        parameters.put("SignatureMethod", "HMAC-SHA1");
        parameters.put("SignatureVersion", "1.0");
        parameters.put("SignatureType", "");
        parameters.put("SignatureNonce", UUID.randomUUID().toString());
        parameters.put(
                "Timestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        parameters.putAll(asked);
        String canonical = parameters.entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&"));
        var mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec("sk&".getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        byte[] signature = mac.doFinal((method + "&%2F&" + encoded(canonical)).getBytes(StandardCharsets.UTF_8));
        return canonical + "&Signature=" + encoded(Base64.getEncoder().encodeToString(signature));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
