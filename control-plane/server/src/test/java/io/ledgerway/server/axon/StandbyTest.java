package io.ledgerway.server.axon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.LogUnreachable;
import io.ledgerway.server.kafka.OwnerSigns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a process that stands by takes for the silence of the owner.
class StandbyTest {

    private static final long UNREACHABLE = -1;

    private final List<Boolean> turns = new ArrayList<>();
    private int looks;

    /// Shows what is told, then the last of it for ever.
    private Standby seeing(long... counts) {
        var standby = new Standby[1];
        standby[0] = new Standby(
                () -> new OwnerSigns(LogSettings.at("127.0.0.1:1"), 0) {
                    @Override
                    public long count() {
                        long count = counts[Math.min(looks++, counts.length - 1)];
                        if (count == UNREACHABLE) {
                            throw new LogUnreachable("not there", null);
                        }
                        return count;
                    }
                },
                () -> turns.add(standby[0].isStandingBy()));
        return standby[0];
    }

    private void await(Standby standby, Duration reading) throws InterruptedException {
        standby.whileAnotherServes(reading, time -> {
            assertEquals(Standby.SIGN, time);
            assertTrue(standby.isStandingBy());
            return true;
        });
        assertFalse(standby.isStandingBy());
        assertEquals(List.of(true, false), turns);
    }

    @Test
    void anOwnerThatHasNotWrittenForSeveralLooksIsSilent() throws InterruptedException {
        await(seeing(7), Duration.ZERO);

        assertEquals(1 + Standby.LOOKS, looks);
    }

    @Test
    void whateverIsWrittenIsASign() throws InterruptedException {
        await(seeing(7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 9), Duration.ZERO);

        assertEquals(11 + Standby.LOOKS, looks);
    }

    @Test
    void thatKafkaDoesNotAnswerSaysNothingAboutTheOwner() throws InterruptedException {
        await(seeing(7, 7, 7, UNREACHABLE, UNREACHABLE, UNREACHABLE, UNREACHABLE, UNREACHABLE, 7), Duration.ZERO);

        assertEquals(8 + Standby.LOOKS, looks);
    }

    @Test
    void whoReadsALongLogIsGivenTheTimeForIt() throws InterruptedException {
        await(seeing(7), Duration.ofSeconds(4));

        assertEquals(1 + Standby.LOOKS + 4 * Standby.TIMES_OF_READING, looks);
    }

    @Test
    void whoIsClosedLooksNoMore() throws InterruptedException {
        var standby = seeing(7, 8);

        standby.whileAnotherServes(Duration.ZERO, time -> false);

        assertEquals(0, looks);
        assertFalse(standby.isStandingBy());
    }
}
