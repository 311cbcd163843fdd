package io.ledgerway.server.axon;

/// What is said of a command, once everything that it rests on is durable.
///
/// @param answer a `NodeAnswer` or a `Cluster.Answer`, after the command
/// @param position the newest record that was seen when it was decided, its own events included
/// @param acceptedNanos when the decision had its place, by `System.nanoTime`, for whoever takes the time of its phases
/// @param epoch of the owner who decided; a node refuses lower ones than it has seen
public record Reply(Object answer, LogPosition position, long epoch, long acceptedNanos) {

    /// The answer as the type that belongs to the command.
    public <A> A as(Class<A> type) {
        return type.cast(answer);
    }
}
