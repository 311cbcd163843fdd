package io.ledgerway.domain.audit;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Stream;
import java.time.Instant;
import java.util.Optional;

/// A record of the log as an auditor reads it.
///
/// @param type the event's name
/// @param causation the command that was decided
/// @param correlation the trace that the command belongs to
/// @param sentence what happened, for people
/// @param event the whole event as JSON text
public record JournalEntry(
        Position position,
        Stream stream,
        String id,
        String type,
        Instant validFrom,
        Instant recordedAt,
        String actor,
        String causation,
        String correlation,
        Optional<String> cloudRequestId,
        Subjects subjects,
        String sentence,
        String event) {

    public static JournalEntry of(Envelope envelope) {
        return new JournalEntry(
                new Position(envelope.partition(), envelope.sequence()),
                envelope.stream(),
                envelope.id().value(),
                EventJson.type(envelope.event()),
                envelope.validFrom(),
                envelope.recordedAt(),
                envelope.actor(),
                envelope.causation().value(),
                envelope.correlation(),
                envelope.cloudRequestId(),
                Subjects.of(envelope.event()),
                Narration.of(envelope.event()),
                Json.text(EventJson.of(envelope.event())));
    }

    boolean is(Class<?>... types) {
        for (var each : types) {
            if (each.getSimpleName().equals(type)) {
                return true;
            }
        }
        return false;
    }
}
