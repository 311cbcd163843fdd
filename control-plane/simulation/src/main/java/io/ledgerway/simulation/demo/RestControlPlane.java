package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
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
    public List<Held> everyHolder() {
        return held(caughtUp("/v1/holdings?all=true").path("holdings"));
    }

    @Override
    public List<Bound> bound(String node) {
        var bound = new ArrayList<Bound>();
        for (var each : ask.apply("/v1/nodes/" + node).path("addresses")) {
            if (each.path("state").asText().equalsIgnoreCase("bound")) {
                var pod = each.path("holder").asText().split("/")[0];
                bound.add(new Bound(
                        each.path("ip").asText(), pod, each.path("eni").asText()));
            }
        }
        return List.copyOf(bound);
    }

    @Override
    public List<String> conflicts() {
        var conflicts = new ArrayList<String>();
        for (var each : caughtUp("/v1/holdings").path("conflicts")) {
            conflicts.add(
                    each.path("address").asText() + " at " + each.path("first").asText() + " and at "
                            + each.path("second").asText());
        }
        return conflicts;
    }

    @Override
    public List<Held> whoHad(String address, Instant at) {
        return held(caughtUp("/v1/audit/addresses/" + encoded(address) + "?at=" + encoded(at.toString()))
                .path("holdings"));
    }

    @Override
    public Whereabouts whereabouts(String address, Instant at) {
        var answer = caughtUp("/v1/audit/addresses/" + encoded(address) + "?at=" + encoded(at.toString()));
        return new Whereabouts(
                answer.path("verdict").asText(), answer.path("why").asText(), held(answer.path("holdings")));
    }

    @Override
    public List<Told> history(String address) {
        return told(caughtUp("/v1/audit/addresses/" + encoded(address)));
    }

    @Override
    public List<Told> story(Pod pod) {
        return told(caughtUp("/v1/audit/pods/" + pod.uid()));
    }

    private static List<Told> told(JsonNode answer) {
        var story = new ArrayList<Told>();
        for (var entry : answer.path("story")) {
            story.add(new Told(
                    entry.path("position").asText(),
                    Instant.parse(entry.path("at").asText()),
                    Instant.parse(entry.path("recordedAt").asText()),
                    entry.path("type").asText(),
                    entry.path("text").asText()));
        }
        return story;
    }

    /// Asks until the answer rests on everything that the log held when it was given, or time is up: then the last
    /// answer says itself what it does not know.
    private JsonNode caughtUp(String question) {
        var answer = new AtomicReference<JsonNode>();
        var refused = new AtomicReference<RuntimeException>();
        Processes.await(
                () -> {
                    try {
                        answer.set(ask.apply(question));
                        return isSettled(answer.get());
                    } catch (IllegalStateException | UncheckedIOException notYet) {
                        refused.set(notYet);
                        return false;
                    }
                },
                TO_CATCH_UP);
        if (answer.get() == null) {
            throw refused.get();
        }
        return answer.get();
    }

    /// The moment that was asked about may be later than what the projection had read by then.
    private static boolean isSettled(JsonNode answer) {
        var coverage = answer.path("coverage");
        return coverage.path("caughtUp").asBoolean()
                && (!answer.path("verdict").asText().equals("unknown") || isPast(answer, coverage));
    }

    private static boolean isPast(JsonNode answer, JsonNode coverage) {
        return coverage.hasNonNull("knownUntil")
                && Instant.parse(answer.path("at").asText())
                        .isBefore(Instant.parse(coverage.path("knownUntil").asText()));
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
