package io.ledgerway.simulation.bench;

/// How much of outages is measured.
///
/// @param rounds how often the log is there and away in turns
/// @param pods of a round, added one at a time
/// @param disappearances how often the log disappears in each way
/// @param cycles pods that come and go on a node while the log is away, each with some four entries
/// @param drains how often one node tells the log
/// @param nodes that tell the log at once
record OutageEffort(int rounds, int pods, int disappearances, int cycles, int drains, int nodes) {

    /// As the figures in the documentation are taken.
    static final OutageEffort FULL = new OutageEffort(15, 25, 5, 270, 3, 10);

    /// To see whether it runs, and for a first impression.
    static final OutageEffort QUICK = new OutageEffort(3, 25, 1, 120, 1, 4);
}
