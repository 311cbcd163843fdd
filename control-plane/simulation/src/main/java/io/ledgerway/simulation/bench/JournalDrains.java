package io.ledgerway.simulation.bench;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.node.NodeEvent.JournalDrained;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.simulation.replay.ReplayedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How nodes told the log of their journals, from the records of the log.
record JournalDrains(List<Batch> batches) {

    /// @param through the last entry that it brought
    record Batch(String node, long through, Instant recordedAt) {}

    /// @param entries how many the node told
    /// @param took from the first batch's record to the last one's, and a share more for the first, of which only
    ///     its end is recorded
    record Drain(long entries, Duration took) {}

    JournalDrains {
        batches = List.copyOf(batches);
    }

    static JournalDrains read(String broker) {
        return of(ReplayedLog.read(LogSettings.at(broker)).partitions());
    }

    static JournalDrains of(List<List<Envelope>> partitions) {
        return new JournalDrains(partitions.stream()
                .flatMap(List::stream)
                .flatMap(record -> batch(record).stream())
                .toList());
    }

    private static Optional<Batch> batch(Envelope record) {
        return record.event() instanceof JournalDrained drained
                ? Optional.of(new Batch(record.stream().node().value(), drained.through(), record.recordedAt()))
                : Optional.empty();
    }

    /// What the node has told since a moment; empty if nothing, or only one batch, which says nothing of time.
    Optional<Drain> since(String node, Instant moment) {
        var of = batches.stream().filter(batch -> batch.node().equals(node)).toList();
        var before = of.stream()
                .filter(batch -> batch.recordedAt().isBefore(moment))
                .mapToLong(Batch::through)
                .max()
                .orElse(0);
        var since = of.stream()
                .filter(batch -> !batch.recordedAt().isBefore(moment))
                .toList();
        if (since.size() < 2) {
            return Optional.empty();
        }
        var first = since.getFirst();
        var last = since.getLast();
        var rest = Duration.between(first.recordedAt(), last.recordedAt());
        long told = last.through() - before;
        long toldInRest = last.through() - first.through();
        return Optional.of(new Drain(told, Duration.ofNanos(rest.toNanos() * told / toldInRest)));
    }
}
