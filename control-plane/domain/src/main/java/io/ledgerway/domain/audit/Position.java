package io.ledgerway.domain.audit;

/// Where a record stands in the log. Positions of different partitions have no order; only their times can be compared.
public record Position(int partition, long sequence) implements Comparable<Position> {

    /// Groups by partition; it says nothing about which of two partitions' records came first.
    @Override
    public int compareTo(Position other) {
        int byPartition = Integer.compare(partition, other.partition);
        return byPartition != 0 ? byPartition : Long.compare(sequence, other.sequence);
    }

    /// `partition:sequence`, as people read and write it.
    @Override
    public String toString() {
        return partition + ":" + sequence;
    }
}
