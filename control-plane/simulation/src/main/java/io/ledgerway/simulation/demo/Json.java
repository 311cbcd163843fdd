package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// JSON over HTTP.
final class Json {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    /// Whether the address answers with 200.
    boolean answers(URI address) {
        try {
            return get(address).statusCode() == 200;
        } catch (IOException notThere) {
            return false;
        }
    }

    /// @param body what came, as JSON; missing if it is none
    record Reply(int status, JsonNode body) {}

    /// What the address answers, whatever that is; empty if nobody does.
    Optional<Reply> ask(URI address) {
        HttpResponse<String> response;
        try {
            response = get(address);
        } catch (IOException nobody) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Reply(response.statusCode(), MAPPER.readTree(response.body())));
        } catch (IOException noJson) {
            return Optional.of(new Reply(response.statusCode(), MAPPER.missingNode()));
        }
    }

    JsonNode read(URI address) {
        try {
            var response = get(address);
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        "GET " + address + " answered " + response.statusCode() + ": " + response.body());
            }
            return MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("GET " + address + " failed", e);
        }
    }

    /// Sends a document; an answer other than 200 is an exception with what it says.
    void post(URI address, Map<String, Object> document) {
        try {
            var request = HttpRequest.newBuilder(address)
                    .timeout(LIMIT)
                    .POST(HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(document)))
                    .build();
            var response = send(request);
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        "POST " + address + " answered " + response.statusCode() + ": " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("POST " + address + " failed", e);
        }
    }

    private HttpResponse<String> get(URI address) throws IOException {
        return send(HttpRequest.newBuilder(address).timeout(LIMIT).build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + request, e);
        }
    }
}
