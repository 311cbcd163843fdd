package io.ledgerway.server.axon;

/// The newest records of a partition, found by sequence. What is in flight is never dropped. Not safe for
/// threads.
final class Tail<R> {

    private Object[] ring = new Object[1024];
    private long start;
    private long end;

    Tail(long start) {
        this.start = start;
        this.end = start;
    }

    long start() {
        return start;
    }

    void add(R record) {
        if (end - start == ring.length) {
            grow();
        }
        ring[place(end)] = record;
        end++;
    }

    @SuppressWarnings("unchecked")
    R get(long sequence) {
        if (sequence < start || sequence >= end) {
            throw new IndexOutOfBoundsException("record " + sequence + " is not among " + start + " to " + end);
        }
        return (R) ring[place(sequence)];
    }

    /// Drops the oldest records until `most` are left, but none from `kept` on.
    void shrink(int most, long kept) {
        while (end - start > most && start < kept) {
            ring[place(start)] = null;
            start++;
        }
    }

    private void grow() {
        var larger = new Object[ring.length * 2];
        for (long sequence = start; sequence < end; sequence++) {
            larger[(int) (sequence & (larger.length - 1))] = ring[place(sequence)];
        }
        ring = larger;
    }

    private int place(long sequence) {
        return (int) (sequence & (ring.length - 1));
    }
}
