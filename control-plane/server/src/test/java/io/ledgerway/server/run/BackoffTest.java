package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void backoffGrowsToItsLimitAndNeverBeyond() {
        var random = new Random(7);
        var backoff = Backoff.DEFAULT;

        for (int attempt = 1; attempt < 200; attempt++) {
            var wait = backoff.after(attempt, random);
            assertTrue(wait.compareTo(backoff.longest()) <= 0, "attempt " + attempt + " waits " + wait);
            assertTrue(wait.compareTo(backoff.first().dividedBy(2)) >= 0, "attempt " + attempt + " waits " + wait);
        }
        assertTrue(backoff.after(30, random).compareTo(backoff.longest().dividedBy(2)) >= 0);
    }
}
