package io.ledgerway.server.http;

import java.util.List;

/// The log as an operator inspects it.
public interface LogView {

    List<Partition> partitions();

    /// @param state OPENING, OPEN, REFUSED or CLOSED
    /// @param why what is waited for or went wrong; empty while it is served
    /// @param committed sequence of the newest durable record; -1 before the first
    /// @param inFlight records that have their place and are not durable yet
    /// @param waiting commands that have come and are not answered
    record Partition(
            int partition,
            String state,
            String why,
            long epoch,
            String owner,
            long committed,
            long inFlight,
            long waiting,
            long takeOvers) {}
}
