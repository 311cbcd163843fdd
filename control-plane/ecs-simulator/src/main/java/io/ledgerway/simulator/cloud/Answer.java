package io.ledgerway.simulator.cloud;

import java.util.Map;

/// What the cloud says to a call.
public sealed interface Answer {
    /// @param body maps, lists, texts, numbers and booleans; a list always sits under the name of its items
    record Success(Map<String, Object> body) implements Answer {}

    record Failure(int status, String code, String message) implements Answer {
        static Failure of(Refusal refusal) {
            return new Failure(refusal.status(), refusal.code(), refusal.getMessage());
        }
    }
}
