package io.ledgerway.simulation.bench;

/// How much of the data path is measured.
///
/// @param rounds of all contenders in turns
/// @param roundTrips of a round
/// @param streamBytes of a round
record DatapathEffort(int rounds, int warmUps, int roundTrips, long streamBytes) {

    static final DatapathEffort FULL = new DatapathEffort(21, 3, 2000, 256L << 20);
    static final DatapathEffort QUICK = new DatapathEffort(7, 2, 1000, 128L << 20);
}
