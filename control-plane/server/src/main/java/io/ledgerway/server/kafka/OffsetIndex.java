package io.ledgerway.server.kafka;

import java.util.NavigableMap;
import java.util.TreeMap;

/// Where in Kafka some of the sequences are, so that reading back need not begin at the start of the log.
/// Offsets run ahead of sequences, because every transaction leaves a marker between the records.
public final class OffsetIndex {

    /// One entry in this many records: 16 bytes for each thousand is little even for a log of years.
    private static final long SPACING = 1_000;

    private final NavigableMap<Long, Long> offsets = new TreeMap<>();

    record Entry(long sequence, long offset) {}

    synchronized void note(long sequence, long offset) {
        if (offsets.isEmpty() || sequence - offsets.lastKey() >= SPACING) {
            offsets.put(sequence, offset);
        }
    }

    /// The nearest known place at or before the sequence; the start of the log if none is known.
    synchronized Entry before(long sequence) {
        var entry = offsets.floorEntry(sequence);
        return entry == null ? new Entry(0, 0) : new Entry(entry.getKey(), entry.getValue());
    }
}
