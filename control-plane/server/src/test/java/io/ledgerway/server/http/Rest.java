package io.ledgerway.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.server.testing.Surroundings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Questions over HTTP, to the control plane that runs in this JVM.
final class Rest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Rest() {}

    record Got(int status, String type, JsonNode json) {}

    static Got get(String path) {
        var answer = ask(path);
        try {
            return new Got(
                    answer.statusCode(),
                    answer.headers().firstValue("content-type").orElse("").split(";")[0],
                    MAPPER.readTree(answer.body()));
        } catch (IOException e) {
            throw new IllegalStateException("GET " + path + " brought no JSON: " + answer.body(), e);
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static HttpResponse<String> ask(String path) {
        var at = URI.create("http://127.0.0.1:" + Surroundings.running().plainPort() + path);
        // Asked to upgrade each connection anew, the server was once seen to leave the client without an answer.
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request = HttpRequest.newBuilder(at).timeout(PATIENCE).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("GET " + path + " failed", e);
        }
    }

    /// @param token empty for none
    static Got post(String path, String token, String body) {
        var at = URI.create("http://127.0.0.1:" + Surroundings.running().plainPort() + path);
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request = HttpRequest.newBuilder(at)
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Got(
                    answer.statusCode(),
                    answer.headers().firstValue("content-type").orElse("").split(";")[0],
                    MAPPER.readTree(answer.body()));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("POST " + path + " failed", e);
        }
    }

    static JsonNode ok(String path) {
        var got = get(path);
        assertEquals(200, got.status, () -> path + ": " + got);
        assertEquals("application/json", got.type);
        return got.json;
    }

    static void refused(String path, int status, String sentence) {
        var got = get(path);
        assertEquals(status, got.status, () -> path + ": " + got);
        assertEquals("application/problem+json", got.type, path);
        assertEquals(status, got.json.path("status").asInt(), path);
        assertFalse(got.json.path("title").asText().isBlank(), path);
        assertTrue(got.json.path("detail").asText().contains(sentence), () -> path + ": " + got);
    }

    /// The sum over a metric's labels; no number while it is not told.
    static double metric(String name) {
        var answer = ask("/q/metrics");
        return answer.statusCode() != 200
                ? Double.NaN
                : answer.body()
                        .lines()
                        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .reduce(Double::sum)
                        .orElse(Double.NaN);
    }

    /// What our own check says; the others' may stand before or after it.
    static String health(String detail) {
        for (var check : get("/q/health/ready").json.path("checks")) {
            if (check.path("name").asText().equals("ledgerway")) {
                return check.path("data").path(detail).asText();
            }
        }
        return "";
    }
}
