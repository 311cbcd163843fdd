package io.ledgerway.simulation.demo;

import java.time.Instant;

/// A call that succeeded, as whoever made it wrote it down.
///
/// @param address what ADD answered; of DEL, what it took
/// @param began when it was called for the first time
/// @param ended when it was answered with success
public record Called(Verb verb, Pod pod, String address, Instant began, Instant ended) {

    public enum Verb {
        ADD,
        DEL
    }

    @Override
    public String toString() {
        return verb + " of " + pod + " (" + pod.uid() + ") on " + pod.node() + ", " + address + ", called at " + began
                + " and answered at " + ended;
    }
}
