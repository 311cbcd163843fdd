package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Rejection;
import java.util.Optional;

/// What is said of a command on a node's stream, once what it rests on is durable.
public sealed interface NodeAnswer {

    /// The command was taken, or there was nothing left to do.
    record Done() implements NodeAnswer {}

    /// Everything that the node needs to build the endpoint.
    record Granted(PodRequest request, Allocation allocation, Eni eni, VSwitch vSwitch) implements NodeAnswer {}

    record Queued(Optional<IntentId> waitsFor) implements NodeAnswer {}

    record Rejected(Rejection rejection) implements NodeAnswer {}

    /// The node's choice is not idle in the log: once it has seen the position of this answer it chooses again.
    record CandidateRefused(String why) implements NodeAnswer {}

    /// @param freed whether this DEL's sandbox was the one that held the attachment
    record Released(boolean freed) implements NodeAnswer {}

    /// @param through the last entry of the journal that the log has heard by now
    record Drained(long through) implements NodeAnswer {}
}
