package io.ledgerway.simulation.bench;

import java.time.Duration;

/// How much is measured.
///
/// @param coldCalls the first ADDs after a start, figures of their own
/// @param warmUp pods that are added and deleted before anything else is measured
/// @param rounds how often each contender takes its turn
/// @param serialPods pods of a round that are added one at a time
/// @param parallelRounds the same for rounds with many calls at a time
/// @param parallelPods pods of such a round
/// @param logRound how long the log and its peer are measured each time
/// @param logRounds how often
/// @param starts of the executor
/// @param executorCalls after which its memory is looked at
record Effort(
        int coldCalls,
        int warmUp,
        int rounds,
        int serialPods,
        int parallelRounds,
        int parallelPods,
        Duration logRound,
        int logRounds,
        int starts,
        int executorCalls) {

    /// As the figures in the documentation are taken.
    static final Effort FULL = new Effort(100, 1500, 20, 25, 15, 40, Duration.ofSeconds(4), 5, 7, 20_000);

    /// To see whether it runs, and for a first impression.
    static final Effort QUICK = new Effort(100, 300, 4, 25, 3, 40, Duration.ofSeconds(1), 3, 3, 2_000);
}
