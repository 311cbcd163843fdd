package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The control plane's answers over REST.
final class RestControlPlane implements ControlPlaneClient {

    /// How long the projection may lag behind the log before its answers count as they are.
    private static final Duration TO_CATCH_UP = Duration.ofSeconds(15);

    private final Function<String, JsonNode> ask;

    /// @param ask answers a path with its query
    RestControlPlane(Function<String, JsonNode> ask) {
        this.ask = ask;
    }

    @Override
    public List<Held> holders() {
        return held(caughtUp("/v1/holdings").path("holdings"));
    }

    @Override
    public List<Held> whoHad(String address, Instant at) {
        return held(caughtUp("/v1/addresses/" + encoded(address) + "?at=" + encoded(at.toString()))
                .path("holdings"));
    }

    @Override
    public List<Told> story(Pod pod) {
        var story = new ArrayList<Told>();
        for (var entry : caughtUp("/v1/pods/" + pod.uid()).path("story")) {
            story.add(new Told(
                    entry.path("partition").asText() + "/"
                            + entry.path("sequence").asText(),
                    Instant.parse(entry.path("at").asText()),
                    entry.path("type").asText(),
                    entry.path("text").asText()));
        }
        return story;
    }

    /// Asks until the answer rests on everything that the log held when it was given.
    private JsonNode caughtUp(String question) {
        var answer = new JsonNode[1];
        Processes.await(
                () -> {
                    answer[0] = ask.apply(question);
                    return answer[0].path("coverage").path("caughtUp").asBoolean(true);
                },
                TO_CATCH_UP);
        return answer[0];
    }

    private static List<Held> held(JsonNode holdings) {
        var held = new ArrayList<Held>();
        for (var each : holdings) {
            held.add(new Held(
                    each.path("address").asText(),
                    each.path("namespace").asText() + "/" + each.path("podName").asText(),
                    each.path("podUid").asText(),
                    each.path("node").asText(),
                    each.path("eni").asText(),
                    Instant.parse(each.path("from").asText()),
                    Optional.of(each.path("to").asText())
                            .filter(text -> !text.isEmpty())
                            .map(Instant::parse)));
        }
        return List.copyOf(held);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
