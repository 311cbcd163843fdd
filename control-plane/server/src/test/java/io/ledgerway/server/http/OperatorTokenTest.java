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
    private static final PlainPort HERE = new PlainPort("127.0.0.1", false);

    private static int status(OperatorToken operators, String authorization) {
        return operators
                .refusal(authorization)
                .map(answer -> answer.getStatus())
                .orElse(200);
    }

    @Test
    void whoShowsTheTokenMay() {
        assertEquals(200, status(new OperatorToken(Optional.of(TOKEN), HERE), "Bearer " + TOKEN));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "Bearer ", "Bearer sixteen-letters", "Bearer sixteen-letters!!", "Basic " + TOKEN, TOKEN})
    void whoShowsAnythingElseMayNot(String authorization) {
        assertEquals(401, status(new OperatorToken(Optional.of(TOKEN), HERE), authorization));
    }

    @Test
    void withoutATokenNobodyMay() {
        assertEquals(403, status(new OperatorToken(Optional.empty(), HERE), "Bearer "));
        assertEquals(403, status(new OperatorToken(Optional.empty(), HERE), null));
    }

    @Test
    void aTokenThatCanBeGuessedIsRefusedAtTheStart() {
        var refused = assertThrows(IllegalArgumentException.class, () -> new OperatorToken(Optional.of("short"), HERE));
        assertTrue(refused.getMessage().contains("5 characters; it needs at least 16"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", "no-such-name.invalid"})
    void whereThePlainPortWouldGiveTheTokenAwayNothingStarts(String host) {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> new OperatorToken(Optional.of(TOKEN), new PlainPort(host, false)));
        assertTrue(refused.getMessage().startsWith("ledgerway.http.host is " + host), refused.getMessage());
        assertTrue(refused.getMessage().contains("ledgerway.http.token-in-plain=true"), refused.getMessage());

        assertEquals(200, status(new OperatorToken(Optional.of(TOKEN), new PlainPort(host, true)), "Bearer " + TOKEN));
        assertEquals(403, status(new OperatorToken(Optional.empty(), new PlainPort(host, false)), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    void onThisMachineAloneTheTokenIsSafe(String host) {
        assertEquals(200, status(new OperatorToken(Optional.of(TOKEN), new PlainPort(host, false)), "Bearer " + TOKEN));
    }
}
