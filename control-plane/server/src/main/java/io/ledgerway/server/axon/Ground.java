package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope;
import io.ledgerway.server.kafka.LogTopics;
import io.ledgerway.server.kafka.PartitionReader;
import io.ledgerway.server.kafka.UnfitLog;
import java.util.concurrent.atomic.AtomicReference;

/// What has to be true of the log before any of its partitions is taken over: its topics are there and fit,
/// and it is this cluster's. Looked at before fencing, so that a wrong configuration cannot disturb another
/// cluster's owner.
final class Ground {

    private final Partitions.Configuration configuration;
    private boolean prepared;

    Ground(Partitions.Configuration configuration) {
        this.configuration = configuration;
    }

    /// @throws UnfitLog if the log is not this cluster's, or its topics are not fit to be a log
    synchronized void prepare() {
        if (prepared) {
            return;
        }
        var settings = configuration.settings();
        LogTopics.ensure(settings, configuration.partitions());
        var first = new AtomicReference<Envelope>();
        try (var reader = PartitionReader.fromStart(settings, Partitions.CLUSTER_PARTITION, new EnvelopeRecords())) {
            reader.readSome(envelope -> first.compareAndSet(null, envelope));
        }
        var found = first.get();
        if (found != null && !found.cluster().equals(configuration.cluster())) {
            throw new UnfitLog("the log in topic " + settings.topic() + " at " + settings.bootstrap()
                    + " belongs to cluster " + found.cluster() + ", not to " + configuration.cluster());
        }
        prepared = true;
    }
}
