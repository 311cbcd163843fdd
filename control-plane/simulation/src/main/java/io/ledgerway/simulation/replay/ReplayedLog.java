package io.ledgerway.simulation.replay;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.cluster.ClusterEvent.ClusterCreated;
import io.ledgerway.server.axon.EnvelopeRecords;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.PartitionReader;
import java.util.ArrayList;
import java.util.List;

/// The whole log, read from its first record by a reader of its own that accepts committed records only. The reader
/// refuses a record whose sequence or hash does not follow the one before.
///
/// @param partitions the records of each partition
public record ReplayedLog(List<List<Envelope>> partitions) {

    public ReplayedLog {
        partitions = List.copyOf(partitions);
    }

    /// Partition 0 begins with how many partitions there are.
    public static ReplayedLog read(LogSettings settings) {
        var first = read(settings, 0);
        int count = partitions(first);
        var all = new ArrayList<List<Envelope>>();
        all.add(first);
        for (int partition = 1; partition < count; partition++) {
            all.add(read(settings, partition));
        }
        return new ReplayedLog(all);
    }

    static int partitionsOf(LogSettings settings) {
        return partitions(read(settings, 0));
    }

    private static int partitions(List<Envelope> first) {
        return first.stream()
                .filter(record -> record.event() instanceof ClusterCreated)
                .map(record -> ((ClusterCreated) record.event()).partitions())
                .findFirst()
                .orElse(1);
    }

    long size() {
        return partitions.stream().mapToLong(List::size).sum();
    }

    private static List<Envelope> read(LogSettings settings, int partition) {
        var records = new ArrayList<Envelope>();
        try (var reader = PartitionReader.fromStart(settings, partition, new EnvelopeRecords())) {
            reader.readToEnd(records::add);
        }
        return records;
    }
}
