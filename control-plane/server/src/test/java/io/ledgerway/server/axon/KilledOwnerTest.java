package io.ledgerway.server.axon;

import static io.ledgerway.server.axon.Ledger.answer;
import static io.ledgerway.server.axon.Ledger.assertPlaced;
import static io.ledgerway.server.axon.Ledger.configuration;
import static io.ledgerway.server.axon.Ledger.place;
import static io.ledgerway.server.axon.Ledger.within;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.server.kafka.Broker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The owner is killed, and says nothing any more: neither that it goes, nor what became of its last transaction.
class KilledOwnerTest {

    private static final int PARTITIONS = 2;
    private static final Duration SOON = Duration.ofSeconds(40);

    @Test
    void whoStandsByTakesOverFromAnOwnerThatIsKilledAndNotBeforeItHasBeenSilent() throws Exception {
        var settings = Broker.freshLog("killed");
        try (var here = Partitions.start(configuration(settings, PARTITIONS))) {
            here.awaitReady(SOON);
            try (var owner = ServingProcess.start(settings, PARTITIONS)) {
                within(
                        SOON,
                        "this one to find itself deposed",
                        () -> here.log(0).isEmpty() && here.log(1).isEmpty());

                owner.kill();
                long killed = System.nanoTime();
                here.awaitReady(SOON);

                var silence = Duration.ofNanos(System.nanoTime() - killed);
                var needed = Standby.SIGN.multipliedBy(Standby.LOOKS - 1);
                assertTrue(silence.compareTo(needed) >= 0, () -> "it took over after " + silence);
                assertFalse(here.status().stream().anyMatch(status -> status.takeOvers() != 2));
                assertPlaced(0, answer(here.execute(place("c", "n"))));
            }
        }
    }
}
