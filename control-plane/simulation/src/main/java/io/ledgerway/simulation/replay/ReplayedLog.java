package io.ledgerway.simulation.replay;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.cluster.ClusterEvent.ClusterCreated;
import io.ledgerway.server.axon.EnvelopeRecords;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.PartitionReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/// The whole log, read from its first record by a reader of its own that accepts committed records only. The reader
/// refuses a record whose sequence or hash does not follow the one before.
///
/// @param partitions the records of each partition
public record ReplayedLog(List<List<Envelope>> partitions) {

    public ReplayedLog {
        partitions = List.copyOf(partitions);
    }

    /// Partition 0 begins with how many partitions there are; the others are read at once, each by a reader of its own.
    public static ReplayedLog read(LogSettings settings) {
        var first = read(settings, 0);
        var all = new ArrayList<List<Envelope>>();
        all.add(first);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var others = IntStream.range(1, partitions(first))
                    .mapToObj(partition -> threads.submit(() -> read(settings, partition)))
                    .toList();
            for (var other : others) {
                all.add(other.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the log", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e.getCause());
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
