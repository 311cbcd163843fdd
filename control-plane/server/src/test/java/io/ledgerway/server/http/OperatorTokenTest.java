package io.ledgerway.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorTokenTest {

    private static final String TOKEN = "sixteen-letters!";

    private static int status(OperatorToken operators, String authorization) {
        return operators
                .refusal(authorization)
                .map(answer -> answer.getStatus())
                .orElse(200);
    }

    @Test
    void whoShowsTheTokenMay() {
        assertEquals(200, status(new OperatorToken(Optional.of(TOKEN)), "Bearer " + TOKEN));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "Bearer ", "Bearer sixteen-letters", "Bearer sixteen-letters!!", "Basic " + TOKEN, TOKEN})
    void whoShowsAnythingElseMayNot(String authorization) {
        assertEquals(401, status(new OperatorToken(Optional.of(TOKEN)), authorization));
    }

    @Test
    void withoutATokenNobodyMay() {
        assertEquals(403, status(new OperatorToken(Optional.empty()), "Bearer "));
        assertEquals(403, status(new OperatorToken(Optional.empty()), null));
    }

    @Test
    void aTokenThatCanBeGuessedIsRefusedAtTheStart() {
        var refused = assertThrows(IllegalArgumentException.class, () -> new OperatorToken(Optional.of("short")));
        assertTrue(refused.getMessage().contains("5 characters; it needs at least 16"), refused.getMessage());
    }
}
