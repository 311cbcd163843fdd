package io.ledgerway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PartsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Parts parts = new Parts();
    private final List<String> closed = new CopyOnWriteArrayList<>();

    @Test
    void theLastOneThatWasOpenedIsClosedFirst() {
        parts.open(() -> closed.add("first"));
        parts.open(() -> closed.add("last"));

        assertTrue(parts.close(LONG));
        assertEquals(List.of("last", "first"), closed);
    }

    @Test
    void aPartThatFailsDoesNotKeepTheOthers() {
        parts.open(() -> closed.add("first"));
        parts.open(() -> {
            throw new IllegalStateException("cannot end");
        });

        assertTrue(parts.close(LONG));
        assertEquals(List.of("first"), closed);
    }

    @Test
    void aPartThatHangsIsLeftBehindAtTheLimit() {
        var never = new CountDownLatch(1);
        parts.open(() -> closed.add("first"));
        parts.open(never::await);

        assertFalse(parts.close(Duration.ofMillis(50)));
        assertEquals(List.of(), closed);
        never.countDown();
    }

    @Test
    void nothingIsClosedTwice() {
        parts.open(() -> closed.add("only"));

        assertTrue(parts.close(LONG));
        assertTrue(parts.close(LONG));
        assertEquals(List.of("only"), closed);
    }
}
