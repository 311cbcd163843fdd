package io.ledgerway.simulation.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestControlPlaneTest {

    private static final String HOLDING = """
            {"address": "10.0.0.2", "namespace": "demo", "podName": "pod-1", "podUid": "uid-1", "node": "node-1",
             "eni": "eni-1", "from": "2026-01-01T00:00:00Z"}""";

    private final ArrayDeque<String> answers = new ArrayDeque<>();
    private final RestControlPlane controlPlane = new RestControlPlane(question -> json(answers.remove()));

    @Test
    void aProjectionThatLagsIsAskedAgain() {
        answers.add("{\"coverage\": {\"caughtUp\": false}, \"holdings\": []}");
        answers.add("{\"coverage\": {\"caughtUp\": true}, \"holdings\": [" + HOLDING + "]}");

        assertEquals(
                List.of(new ControlPlaneClient.Held(
                        "10.0.0.2",
                        "demo/pod-1",
                        "uid-1",
                        "node-1",
                        "eni-1",
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Optional.empty())),
                controlPlane.holders());
    }

    @Test
    void aMomentThatIsNotKnownYetIsAskedForAgain() {
        answers.add("{\"coverage\": {\"caughtUp\": true}, \"verdict\": \"unknown\", \"holdings\": []}");
        answers.add("{\"coverage\": {\"caughtUp\": true}, \"verdict\": \"held\", \"holdings\": [" + HOLDING + "]}");

        assertEquals(
                "uid-1",
                controlPlane.whoHad("10.0.0.2", Instant.EPOCH).getFirst().podUid());
    }

    @Test
    void aMomentOfWhichNobodyKnowsIsNotAskedForAgainOnceItIsPast() {
        answers.add("""
                {"coverage": {"caughtUp": true, "knownUntil": "2026-01-01T01:00:00Z"}, "at": "2026-01-01T00:00:00Z",
                 "verdict": "unknown", "why": "a journal was lost", "holdings": []}""");

        assertEquals(
                new ControlPlaneClient.Whereabouts("unknown", "a journal was lost", List.of()),
                controlPlane.whereabouts("10.0.0.2", Instant.parse("2026-01-01T00:00:00Z")));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
