package io.ledgerway.server.axon;

import io.ledgerway.server.kafka.WriterStatistics;
import java.util.Optional;

/// How a partition is doing, for health and metrics.
///
/// @param why what is being waited for or went wrong; empty while it is served
/// @param takeOvers how often this process has opened it
/// @param owner who owned it last, as far as is known here
/// @param committed records that are durable
/// @param accepted records that have their place; the difference is in flight
/// @param load commands that have come and are not answered
/// @param statistics of the writer, since this take-over
public record PartitionStatus(
        int partition,
        State state,
        String why,
        long takeOvers,
        Owner owner,
        long committed,
        long accepted,
        long load,
        Optional<WriterStatistics.Snapshot> statistics) {

    public enum State {
        /// Being taken over, or waiting to be tried again.
        OPENING,
        /// Served here.
        OPEN,
        /// Cannot be served with this configuration or by this code; not tried again.
        REFUSED,
        /// Given up on purpose.
        CLOSED
    }
}
