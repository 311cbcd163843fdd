package io.ledgerway.domain.cluster;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cluster.ClusterCommand.CreateCluster;
import io.ledgerway.domain.cluster.ClusterCommand.PlaceStream;
import io.ledgerway.domain.cluster.ClusterEvent.ClusterCreated;
import io.ledgerway.domain.cluster.ClusterEvent.StreamPlaced;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The fold of the cluster's stream: its name, its number of partitions, and where each stream lives.
public record Cluster(Optional<ClusterId> id, int partitions, Map<Stream, Integer> placements) {

    public static final Cluster EMPTY = new Cluster(Optional.empty(), 0, Map.of());

    public Cluster {
        placements = Collections.unmodifiableMap(new LinkedHashMap<>(placements));
    }

    /// What is said of a command on this stream.
    public sealed interface Answer {
        record Created() implements Answer {}

        record Placed(int partition) implements Answer {}

        record Refused(String why) implements Answer {}
    }

    public Decision<ClusterEvent, Answer> decide(ClusterCommand command) {
        return switch (command) {
            case CreateCluster create -> create(create);
            case PlaceStream place -> place(place);
        };
    }

    public Cluster evolve(ClusterEvent event) {
        return switch (event) {
            case ClusterCreated created -> {
                if (id.isPresent()) {
                    throw new IllegalStateException("cluster " + id.get() + " is created a second time: " + created);
                }
                yield new Cluster(Optional.of(created.cluster()), created.partitions(), placements);
            }
            case StreamPlaced placed -> {
                var next = new LinkedHashMap<>(placements);
                if (next.put(placed.stream(), placed.partition()) != null) {
                    throw new IllegalStateException(
                            "stream " + placed.stream() + " is placed a second time: " + placed);
                }
                yield new Cluster(id, partitions, next);
            }
        };
    }

    private Decision<ClusterEvent, Answer> create(CreateCluster create) {
        if (id.isEmpty()) {
            return new Decision<>(
                    List.of(new ClusterCreated(create.cluster(), create.partitions())), new Answer.Created());
        }
        if (!id.get().equals(create.cluster()) || partitions != create.partitions()) {
            return Decision.nothing(new Answer.Refused("this log belongs to cluster " + id.get() + " with " + partitions
                    + " partitions; it cannot become " + create.cluster() + " with " + create.partitions()));
        }
        return Decision.nothing(new Answer.Created());
    }

    private Decision<ClusterEvent, Answer> place(PlaceStream place) {
        var known = placements.get(place.placed());
        if (known != null) {
            return Decision.nothing(new Answer.Placed(known));
        }
        if (id.isEmpty()) {
            return Decision.nothing(new Answer.Refused("the log has no cluster yet, so nothing can be placed in it"));
        }
        int partition = emptiestPartition();
        return new Decision<>(List.of(new StreamPlaced(place.placed(), partition)), new Answer.Placed(partition));
    }

    private int emptiestPartition() {
        var streams = new int[partitions];
        placements.values().forEach(partition -> streams[partition]++);
        int emptiest = 0;
        for (int partition = 1; partition < partitions; partition++) {
            if (streams[partition] < streams[emptiest]) {
                emptiest = partition;
            }
        }
        return emptiest;
    }
}
