package io.ledgerway.server;

import io.ledgerway.server.axon.PartitionStatus;
import io.ledgerway.server.axon.Partitions;
import io.ledgerway.server.http.Dependency;
import io.ledgerway.server.http.LogView;
import io.ledgerway.server.metrics.Metrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How the log is doing, for readiness, inspection and metrics.
class LogStatus implements LogView, Dependency {

    private final Partitions partitions;
    private final String bootstrap;
    private final InstantSource clock;
    private Optional<Instant> awaySince;

    LogStatus(Partitions partitions, String bootstrap, InstantSource clock) {
        this.partitions = partitions;
        this.bootstrap = bootstrap;
        this.clock = clock;
        this.awaySince = Optional.of(clock.instant());
    }

    @Override
    public List<Partition> partitions() {
        return partitions.status().stream().map(LogStatus::shown).toList();
    }

    private static Partition shown(PartitionStatus status) {
        return new Partition(
                status.partition(),
                status.state().name(),
                status.why(),
                status.owner().epoch(),
                status.owner().address(),
                status.committed() - 1,
                status.accepted() - status.committed(),
                status.load(),
                status.takeOvers());
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public boolean isNeeded() {
        return true;
    }

    @Override
    public synchronized State state() {
        boolean up = partitions.ready();
        var detail = new LinkedHashMap<String, String>();
        detail.put("kafka", bootstrap);
        if (up) {
            awaySince = Optional.empty();
        } else {
            awaySince = awaySince.or(() -> Optional.of(clock.instant()));
            detail.put("since", awaySince.get().toString());
            for (var status : partitions.status()) {
                if (status.state() != PartitionStatus.State.OPEN) {
                    detail.put("partition-" + status.partition(), status.state() + ": " + status.why());
                }
            }
        }
        return new State(up, detail);
    }

    void measure(Metrics metrics) {
        for (int number = 0; number < partitions.partitions(); number++) {
            int partition = number;
            var tags = Map.of("partition", String.valueOf(partition));
            metrics.gauge(
                    "ledgerway.log.committed",
                    "Durable records of the partition",
                    tags,
                    partitions,
                    all -> all.status().get(partition).committed());
            metrics.gauge(
                    "ledgerway.log.in.flight",
                    "Records of the partition that are accepted and not durable yet",
                    tags,
                    partitions,
                    all -> all.status().get(partition).accepted()
                            - all.status().get(partition).committed());
            metrics.gauge(
                    "ledgerway.log.epoch",
                    "How often the partition has been taken over, this process's own take-over included",
                    tags,
                    partitions,
                    all -> all.status().get(partition).owner().epoch());
            metrics.gauge(
                    "ledgerway.log.open",
                    "1 while the partition is served here",
                    tags,
                    partitions,
                    all -> all.log(partition).isPresent() ? 1 : 0);
        }
    }
}
