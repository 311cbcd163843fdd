package io.ledgerway.server.http;

import static io.ledgerway.domain.audit.Json.object;

import io.ledgerway.domain.audit.Assignment;
import io.ledgerway.domain.audit.Clocks;
import io.ledgerway.domain.audit.Conflict;
import io.ledgerway.domain.audit.Coverage;
import io.ledgerway.domain.audit.Gap;
import io.ledgerway.domain.audit.HeardLate;
import io.ledgerway.domain.audit.Holding;
import io.ledgerway.domain.audit.JournalEntry;
import io.ledgerway.domain.audit.Position;
import io.ledgerway.domain.audit.Story;
import io.ledgerway.domain.audit.Whereabouts;
import io.ledgerway.domain.audit.Whereabouts.Doubt;
import io.ledgerway.domain.audit.Whereabouts.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The audit's answers as JSON. Positions read `partition:sequence`.
final class AuditJson {

    private AuditJson() {}

    static SequencedMap<String, Object> coverage(Coverage coverage) {
        return object(
                "caughtUp", coverage.isCaughtUp(),
                "knownUntil", coverage.knownUntil(),
                "partitions",
                        coverage.parts().stream()
                                .map(part -> object(
                                        "partition", part.partition(),
                                        "next", part.next(),
                                        "knownUntil", part.knownUntil(),
                                        "behindAtMost", part.behindAtMost()))
                                .toList());
    }

    static List<SequencedMap<String, Object>> holdings(List<Holding> holdings) {
        return holdings.stream().map(AuditJson::holding).toList();
    }

    private static SequencedMap<String, Object> holding(Holding holding) {
        return object(
                "address", holding.address(),
                "namespace", holding.namespace(),
                "podName", holding.podName(),
                "podUid", holding.attachment().pod(),
                "interface", holding.attachment().interfaceName(),
                "node", holding.node(),
                "eni", holding.eni(),
                "from", holding.from(),
                "fromTold", late(holding.from(), holding.told()),
                "begun", holding.begun(),
                "to", holding.to(),
                "toTold", holding.end().flatMap(end -> late(end.at(), end.told())),
                "ended", holding.end().map(end -> end.position().toString()),
                "endedBy", holding.end().map(end -> end.reason().name()));
    }

    /// When it was told, where that was so much later that somebody had to write it down meanwhile.
    private static Optional<String> late(Instant happened, Instant told) {
        return Clocks.isLate(happened, told) ? Optional.of(told.toString()) : Optional.empty();
    }

    static SequencedMap<String, Object> gap(Gap gap) {
        return object(
                "node", gap.node(),
                "eni", gap.eni(),
                "cause", gap.cause(),
                "from", gap.from(),
                "to", gap.to(),
                "told", gap.told());
    }

    static SequencedMap<String, Object> assignment(Assignment assignment) {
        return object(
                "address", assignment.address(),
                "node", assignment.node(),
                "eni", assignment.eni(),
                "from", assignment.from(),
                "begun", assignment.begun(),
                "to", assignment.end().map(end -> end.at().toString()));
    }

    /// What contradicts the log's own order and times, by whether the log itself explains it.
    static SequencedMap<String, Object> overlaps(HeardLate.Sorted sorted) {
        return object(
                "conflicts",
                        sorted.conflicts().stream().map(AuditJson::conflict).toList(),
                "heardLate",
                        sorted.heardLate().stream()
                                .map(late -> {
                                    var json = new LinkedHashMap<>(conflict(late.conflict()));
                                    json.putAll(object(
                                            "released", late.released(), "gone", late.gone(), "told", late.told()));
                                    return json;
                                })
                                .toList());
    }

    private static SequencedMap<String, Object> conflict(Conflict conflict) {
        return object(
                "address", conflict.address(),
                "first", conflict.first(),
                "second", conflict.second(),
                "since", conflict.since());
    }

    static Map<String, Object> whereabouts(Whereabouts answer) {
        var json = new LinkedHashMap<String, Object>(object("address", answer.address(), "at", answer.time()));
        switch (answer.verdict()) {
            case Verdict.Held held -> {
                json.put("verdict", "held");
                json.put("holdings", holdings(held.holdings()));
            }
            case Verdict.Free free -> {
                json.put("verdict", "free");
                json.put("holdings", List.of());
                json.put("assignment", assignment(free.assignment()));
            }
            case Verdict.Unknown unknown -> {
                json.put("verdict", "unknown");
                json.put("why", unknown.why());
                json.put("holdings", List.of());
            }
        }
        json.put("perhaps", holdings(answer.perhaps()));
        answer.doubt().ifPresent(doubt -> json.put("doubt", doubt(doubt)));
        return json;
    }

    private static SequencedMap<String, Object> doubt(Doubt doubt) {
        return switch (doubt) {
            case Doubt.Lost lost -> object("kind", "lost", "gap", gap(lost.gap()));
            case Doubt.NotToldYet quiet ->
                object("kind", "notToldYet", "node", quiet.node(), "toldUntil", quiet.word());
            case Doubt.ClockSetBack back -> object("kind", "clockSetBack");
        };
    }

    static List<SequencedMap<String, Object>> entries(List<JournalEntry> entries) {
        return entries.stream().map(AuditJson::entry).toList();
    }

    static List<SequencedMap<String, Object>> told(Story story) {
        return story.told().stream().map(AuditJson::told).toList();
    }

    private static SequencedMap<String, Object> told(Story.Told told) {
        var json = new LinkedHashMap<>(entry(told.entry()));
        json.put("role", told.role().name());
        return json;
    }

    private static SequencedMap<String, Object> entry(JournalEntry entry) {
        Position position = entry.position();
        return object(
                "position", position,
                "partition", position.partition(),
                "sequence", position.sequence(),
                "at", entry.validFrom(),
                "recordedAt", entry.recordedAt(),
                "toldLate", Clocks.isLate(entry.validFrom(), entry.recordedAt()),
                "type", entry.type(),
                "text", entry.sentence(),
                "actor", entry.actor(),
                "stream", entry.stream(),
                "causation", entry.causation(),
                "correlation", entry.correlation(),
                "cloudRequestId", entry.cloudRequestId(),
                "pod", entry.subjects().pod(),
                "addresses", entry.subjects().addresses(),
                "intent", entry.subjects().intent());
    }

    static Map<String, Object> problem(int status, String title, String detail) {
        return object("type", "about:blank", "title", title, "status", status, "detail", Optional.ofNullable(detail));
    }
}
