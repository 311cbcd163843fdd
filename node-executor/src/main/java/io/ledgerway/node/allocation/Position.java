package io.ledgerway.node.allocation;

/// How far the log was read, and under which owner of the partition.
public record Position(int partition, long sequence, long epoch) {

    public Position {
        if (partition < 0 || sequence < -1 || epoch < 0) {
            throw new IllegalArgumentException(
                    "no position is like this: partition " + partition + ", sequence " + sequence + ", epoch " + epoch);
        }
    }

    /// Whether who has seen this has also seen what `other` rests on.
    public boolean covers(Position other) {
        return partition == other.partition && sequence >= other.sequence;
    }

    @Override
    public String toString() {
        return partition + ":" + sequence + "@" + epoch;
    }
}
