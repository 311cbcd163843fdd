package io.ledgerway.server.axon;

/// A place in the log.
///
/// @param sequence of the newest record that is seen from there; -1 before the first
public record LogPosition(int partition, long sequence) {

    @Override
    public String toString() {
        return partition + ":" + sequence;
    }
}
