package io.ledgerway.simulation.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.simulation.bench.JournalDrains.Batch;
import io.ledgerway.simulation.bench.JournalDrains.Drain;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JournalDrainsTest {

    private static final Instant BACK = Instant.parse("2026-11-24T09:00:00Z");

    @Test
    void aDrainIsAsLongAsItsBatchesTookTogether() {
        var drains = new JournalDrains(List.of(
                batch("node-1", 10, BACK.minusSeconds(60)),
                batch("node-1", 260, BACK.plusMillis(100)),
                batch("node-2", 999, BACK.plusMillis(150)),
                batch("node-1", 510, BACK.plusMillis(200)),
                batch("node-1", 1010, BACK.plusMillis(400))));

        assertEquals(Optional.of(new Drain(1000, Duration.ofMillis(400))), drains.since("node-1", BACK));
    }

    @Test
    void oneBatchSaysNothingOfTime() {
        var drains = new JournalDrains(List.of(batch("node-1", 260, BACK.plusMillis(100))));

        assertEquals(Optional.empty(), drains.since("node-1", BACK));
    }

    private static Batch batch(String node, long through, Instant at) {
        return new Batch(node, through, at);
    }
}
