package io.ledgerway.domain.cluster;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Stream;

/// What may be asked of the cluster's stream.
public sealed interface ClusterCommand extends Command {

    @Override
    default Stream stream() {
        return Stream.CLUSTER;
    }

    /// Names the log; repeating it with the same values changes nothing.
    record CreateCluster(Header header, ClusterId cluster, int partitions) implements ClusterCommand {}

    /// Gives a stream its partition, once and for ever.
    record PlaceStream(Header header, Stream placed) implements ClusterCommand {}
}
