package io.ledgerway.simulation.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BenchFigureTest {

    @Test
    void aRatioIsOursOverThePeers() {
        var figure = BenchFigure.lowerIsBetter("ADD", "ms", 3).beside("ptp", 12);

        assertEquals(0.25, figure.ratio().orElseThrow());
        assertEquals(12, figure.peer().orElseThrow().value());
    }

    @Test
    void aMedianOfRatiosNeedNotBeTheRatioOfMedians() {
        var figure = BenchFigure.higherIsBetter("log", "/s", 500).beside("bare", 1000, 0.6);

        assertEquals(0.6, figure.ratio().orElseThrow());
    }

    @Test
    void lowerIsMissedAboveTheAimOnly() {
        assertFalse(BenchFigure.lowerIsBetter("a", "MB", 79.9).aimAtValue(80).missed());
        assertFalse(BenchFigure.lowerIsBetter("a", "MB", 80).aimAtValue(80).missed());
        assertTrue(BenchFigure.lowerIsBetter("a", "MB", 80.1).aimAtValue(80).missed());
    }

    @Test
    void higherIsMissedBelowTheAimOnly() {
        assertTrue(log(0.69).missed());
        assertFalse(log(0.7).missed());
        assertFalse(log(0.71).missed());
    }

    private static BenchFigure log(double ratio) {
        return BenchFigure.higherIsBetter("log", "/s", 100)
                .beside("bare", 100, ratio)
                .aimAtRatio(0.7);
    }

    @Test
    void anAimAtTheRatioJudgesTheRatioAndNotTheValue() {
        var figure = BenchFigure.lowerIsBetter("ADD", "ms", 5).beside("ptp", 10).aimAtRatio(0.6);

        assertFalse(figure.missed());
        assertTrue(BenchFigure.lowerIsBetter("ADD", "ms", 0.5)
                .beside("ptp", 0.5)
                .aimAtRatio(0.6)
                .missed());
    }

    @Test
    void aFigureWithoutAnAimMissesNone() {
        assertFalse(BenchFigure.lowerIsBetter("a", "ms", 1e9).missed());
    }

    @Test
    void whatIsPrintedIsWhatIsJudged() {
        var figure = BenchFigure.lowerIsBetter("a", "s", 1.0004).aimAtValue(1);

        assertEquals(1.0, figure.value());
        assertFalse(figure.missed());
    }

    @Test
    void anAimAtTheRatioOfAFigureWithoutAPeerIsRefused() {
        var alone = BenchFigure.lowerIsBetter("a", "ms", 1);

        assertThrows(IllegalArgumentException.class, () -> alone.aimAtRatio(0.6));
    }

    @Test
    void aPeerThatDidNothingIsRefused() {
        var figure = BenchFigure.lowerIsBetter("a", "ms", 1);

        assertThrows(IllegalArgumentException.class, () -> figure.beside("ptp", 0));
        assertThrows(IllegalArgumentException.class, () -> BenchFigure.lowerIsBetter("a", "ms", Double.NaN));
    }

    @Test
    void anIntervalOfARatioThatThereIsNotIsRefused() {
        var alone = BenchFigure.lowerIsBetter("a", "ms", 1);

        assertThrows(IllegalArgumentException.class, () -> alone.within(new RatioInterval(0.5, 0.6)));
    }
}
