package io.ledgerway.simulation.demo;

import java.time.Instant;
import java.util.Optional;

/// One pod's time with one address, as the records of the log have it.
///
/// @param pod its UID
/// @param released when its DEL was answered
/// @param until when the log knew that the pod has it no more; empty while it lasts
public record Stay(
        String address,
        String pod,
        String node,
        String eni,
        Told begun,
        Optional<Told> released,
        Optional<Told> until) {

    /// A record of the log.
    ///
    /// @param at when it happened, by whoever told it
    /// @param recordedAt when the log heard of it
    public record Told(String event, String position, Instant at, Instant recordedAt) {

        @Override
        public String toString() {
            return event + " at " + position + ", of " + at + ", recorded at " + recordedAt;
        }
    }

    /// Of the log; only within one there is an order.
    String partition() {
        return begun.position().split(":")[0];
    }

    Stay releasedBy(Told told) {
        return new Stay(address, pod, node, eni, begun, Optional.of(told), until);
    }

    Stay endedBy(Told told) {
        return new Stay(address, pod, node, eni, begun, released, Optional.of(told));
    }
}
