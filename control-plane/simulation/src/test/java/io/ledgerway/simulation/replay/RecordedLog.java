package io.ledgerway.simulation.replay;

import io.ledgerway.domain.Envelope;
import io.ledgerway.schemas.EnvelopeCodec;
import io.ledgerway.server.kafka.Chain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/// A log of two partitions, put together from golden logs: a cluster, and a node whose pods come and go.
final class RecordedLog {

    private static final Path GOLDEN = Path.of("..", "..", "schemas", "golden");

    private RecordedLog() {}

    static List<List<Envelope>> whole() {
        var cluster = read("0001-cluster-and-owners");
        var first = new ArrayList<>(cluster.stream()
                .filter(record -> record.partition() == 0)
                .limit(2)
                .toList());
        first.addAll(read("0002-pods-come-and-go"));
        var second = cluster.stream().filter(record -> record.partition() == 1).toList();
        return List.of(chained(first), chained(second));
    }

    private static List<Envelope> read(String name) {
        try {
            return Files.readAllLines(GOLDEN.resolve(name + ".log")).stream()
                    .map(line -> EnvelopeCodec.decode(Base64.getDecoder().decode(line)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Envelope> chained(List<Envelope> records) {
        var chained = new ArrayList<Envelope>();
        var last = Envelope.Hash.NONE;
        for (var record : records) {
            var next = with(record, chained.size(), record.actor(), last);
            last = Chain.hash(EnvelopeCodec.encode(next));
            chained.add(next);
        }
        return chained;
    }

    static Envelope toldBy(String actor, Envelope record) {
        return with(record, record.sequence(), actor, record.previousHash());
    }

    private static Envelope with(Envelope record, long sequence, String actor, Envelope.Hash previous) {
        return new Envelope(
                record.cluster(),
                record.stream(),
                record.partition(),
                sequence,
                record.id(),
                record.causation(),
                record.correlation(),
                actor,
                record.validFrom(),
                record.recordedAt(),
                record.cloudRequestId(),
                record.schemaVersion(),
                previous,
                record.event());
    }

    /// The same log with another first partition.
    static List<List<Envelope>> changed(List<List<Envelope>> log, UnaryOperator<List<Envelope>> change) {
        return List.of(change.apply(new ArrayList<>(log.getFirst())), log.getLast());
    }
}
