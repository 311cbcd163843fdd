package io.ledgerway.server.axon;

import static io.ledgerway.server.axon.Ledger.answer;
import static io.ledgerway.server.axon.Ledger.assertPlaced;
import static io.ledgerway.server.axon.Ledger.configuration;
import static io.ledgerway.server.axon.Ledger.place;
import static io.ledgerway.server.axon.Ledger.read;
import static io.ledgerway.server.axon.Ledger.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.OwnershipEvent.OwnerStarted;
import io.ledgerway.server.kafka.Broker;
import io.ledgerway.server.kafka.LogSettings;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two processes that would both serve the same log.
class TwoControlPlanesTest {

    private static final int PARTITIONS = 2;
    private static final Duration SOON = Duration.ofSeconds(40);

    /// Long enough for a good many turns, if they took turns.
    private static final Duration QUIET = Duration.ofSeconds(12);

    private static final Duration BETWEEN_CALLS = Duration.ofMillis(50);

    private LogSettings settings;
    private Partitions first;
    private Partitions second;

    @BeforeEach
    void twoThatHaveStartedOneAfterTheOther() throws Exception {
        settings = Broker.freshLog("two");
        first = Partitions.start(configuration(settings, PARTITIONS));
        first.awaitReady(SOON);
        second = Partitions.start(configuration(settings, PARTITIONS));
        second.awaitReady(SOON);
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private long changesOfOwner() {
        long changes = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            changes += read(settings, partition).stream()
                    .filter(envelope -> envelope.event() instanceof OwnerStarted)
                    .count();
        }
        return changes;
    }

    /// Both are asked all the time, as loops of their own and nodes do.
    private void askBothFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            for (var process : new Partitions[] {first, second}) {
                for (var node : new String[] {"a", "b"}) {
                    process.execute(place("ask", node));
                    process.log(1).ifPresent(PartitionLog::confirm);
                }
            }
            LockSupport.parkNanos(BETWEEN_CALLS.toNanos());
        }
    }

    private void leaveBothAloneFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        within(time.plus(SOON), "the end of the quiet time", () -> System.nanoTime() >= end);
    }

    private boolean standsBy(Partitions process) {
        return process.status().stream()
                .allMatch(status -> process.log(status.partition()).isEmpty());
    }

    @Test
    void theOwnerStaysTheOwnerWhileBothAreThere() {
        within(SOON, "the first one to find itself deposed", () -> standsBy(first));
        long before = changesOfOwner();

        askBothFor(QUIET);
        leaveBothAloneFor(QUIET);

        assertEquals(before, changesOfOwner(), "changes of owner in a quiet time of twice " + QUIET);
        assertTrue(second.ready());
        assertTrue(standsBy(first));
        assertFalse(first.ready());
    }

    @Test
    void whoStandsByServesEverythingWhenTheOwnerIsGone() throws Exception {
        within(SOON, "the first one to find itself deposed", () -> standsBy(first));

        second.close();

        first.awaitReady(SOON);
        assertPlaced(0, answer(first.execute(place("c", "n"))));
        assertEquals(3 * PARTITIONS, changesOfOwner());
    }
}
