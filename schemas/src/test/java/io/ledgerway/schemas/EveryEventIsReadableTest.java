package io.ledgerway.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.audit.EventJson;
import io.ledgerway.domain.audit.Json;
import io.ledgerway.domain.audit.Narration;
import io.ledgerway.domain.audit.Subjects;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What auditors read of an event, for every event type that there is.
class EveryEventIsReadableTest {

    private static final int SAMPLES = 50;

    static List<Class<?>> eventTypes() {
        return Samples.eventTypes();
    }

    @ParameterizedTest
    @MethodSource("eventTypes")
    void eventHasJsonOfAllItsFieldsASentenceAndSubjects(Class<?> type) {
        for (int seed = 0; seed < SAMPLES; seed++) {
            var event = (DomainEvent) new Samples(seed).ofRecord(type);

            var json = Json.text(EventJson.of(event));

            assertFalse(json.contains("[]\"") || json.contains("Optional") || json.contains("null"), json);
            assertFalse(json.matches(".*\"[A-Z][A-Za-z]+\\[.*"), () -> "a record was not taken apart: " + json);
            assertFalse(Narration.of(event).isBlank());
            assertFalse(Narration.of(event).contains("Optional"), Narration.of(event));
            assertEquals(Subjects.of(event), Subjects.of(event));
        }
    }
}
