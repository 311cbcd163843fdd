package io.ledgerway.simulation.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatioIntervalTest {

    @Test
    void whereEveryRoundIsTheSameTheRatioIsCertain() {
        var ours = Collections.nCopies(5, milliseconds(3, 3, 3));
        var others = Collections.nCopies(5, milliseconds(6, 6, 6));

        assertEquals(new RatioInterval(0.5, 0.5), RatioInterval.of(ours, others));
    }

    @Test
    void roundsThatDifferLeaveRoomAroundTheRatioOfAll() {
        var ours = IntStream.range(0, 15)
                .mapToObj(round -> milliseconds(8 + round % 5, 8 + round % 5))
                .toList();
        var others = Collections.nCopies(15, milliseconds(10, 10));

        var interval = RatioInterval.of(ours, others);

        assertTrue(interval.low() < 1 && interval.low() >= 0.8, interval.toString());
        assertTrue(interval.high() >= 1 && interval.high() <= 1.2, interval.toString());
        assertEquals(interval, RatioInterval.of(ours, others), "the same measurements, the same bounds");
    }

    @Test
    void aSlowMachineInOneRoundIsSlowForBothAndSaysNothingOfTheRatio() {
        var ours = List.of(milliseconds(1), milliseconds(100), milliseconds(1));
        var others = List.of(milliseconds(2), milliseconds(200), milliseconds(2));

        assertEquals(new RatioInterval(0.5, 0.5), RatioInterval.of(ours, others));
    }

    @Test
    void roundsWithoutAPartnerAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> RatioInterval.of(List.of(milliseconds(1)), List.of()));
        assertThrows(IllegalArgumentException.class, () -> RatioInterval.of(List.of(), List.of()));
    }

    private static List<Duration> milliseconds(long... all) {
        return Arrays.stream(all).mapToObj(Duration::ofMillis).toList();
    }
}
