package io.ledgerway.simulation.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Between which bounds the ratio of two medians lies in 95 of 100 cases, were the same measured again: rounds are
/// drawn anew from those that were measured (a bootstrap). Whole rounds, because the calls of one share what else
/// the machine did then.
record RatioInterval(double low, double high) {

    private static final int DRAWS = 2000;
    private static final double LEFT_OUT_ON_EACH_SIDE = 0.025;

    /// The same measurements always give the same bounds.
    private static final long SEED = 10;

    RatioInterval {
        if (low > high) {
            throw new IllegalArgumentException("an interval from " + low + " to " + high + " is none");
        }
    }

    /// @param ours round by round
    /// @param others what was measured in the same rounds
    static RatioInterval of(List<List<Duration>> ours, List<List<Duration>> others) {
        if (ours.size() != others.size() || ours.isEmpty()) {
            throw new IllegalArgumentException(
                    ours.size() + " rounds and " + others.size() + " rounds cannot be compared round by round");
        }
        var random = new Random(SEED);
        var ratios = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            var mine = new ArrayList<Duration>();
            var theirs = new ArrayList<Duration>();
            for (int round = 0; round < ours.size(); round++) {
                int drawn = random.nextInt(ours.size());
                mine.addAll(ours.get(drawn));
                theirs.addAll(others.get(drawn));
            }
            ratios[draw] = new Latencies(mine).median() / new Latencies(theirs).median();
        }
        Arrays.sort(ratios);
        int left = (int) (DRAWS * LEFT_OUT_ON_EACH_SIDE);
        return new RatioInterval(ratios[left], ratios[DRAWS - 1 - left]);
    }

    RatioInterval rounded(double steps) {
        return new RatioInterval(Math.round(low * steps) / steps, Math.round(high * steps) / steps);
    }
}
