package io.ledgerway.server.axon;

import io.ledgerway.server.axon.History.Placed;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.axonframework.common.Registration;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.ContinuousMessageStream;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.SimpleEntry;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.TerminalEventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.StreamingCondition;

/// Records as the two kinds of message stream that Axon reads: finite for handlers, endless for followers.
final class SourcedMessages {

    /// Records that a follower takes from the history at once.
    private static final int FETCH = 500;

    private SourcedMessages() {}

    /// The records, then the marker that says how far was looked.
    static <R> MessageStream<EventMessage> of(List<Placed<R>> records, EventFormat<R> format, long end) {
        var marker = Context.with(ConsistencyMarker.RESOURCE_KEY, new GlobalIndexConsistencyMarker(end));
        if (records.isEmpty()) {
            return MessageStream.just(TerminalEventMessage.INSTANCE, message -> marker)
                    .cast();
        }
        return MessageStream.fromStream(
                Stream.concat(records.stream(), Stream.of(new Placed<R>(null, end))),
                placed -> placed.record() == null ? TerminalEventMessage.INSTANCE : format.message(placed.record()),
                placed -> placed.record() == null ? marker : token(placed.sequence()));
    }

    static <R> MessageStream<EventMessage> follow(
            StreamingCondition condition,
            EventFormat<R> format,
            History<R> history,
            Function<Runnable, Registration> onCommitted) {
        var next = new long[] {Math.max(0, condition.position().position().orElse(0))};
        return new ContinuousMessageStream<Placed<R>>(
                last -> {
                    // A fetch that finds only strangers moves on; one that finds nothing waits for the next commit.
                    while (true) {
                        long end = Math.min(history.committed(), next[0] + FETCH);
                        if (next[0] >= end) {
                            return List.of();
                        }
                        var found = history.matching(condition, next[0], end);
                        next[0] = end;
                        if (!found.isEmpty()) {
                            return found;
                        }
                    }
                },
                placed -> new SimpleEntry<>(format.message(placed.record()), token(placed.sequence())),
                (stream, callback) -> onCommitted.apply(callback));
    }

    private static Context token(long sequence) {
        return TrackingToken.addToContext(Context.empty(), new GlobalSequenceTrackingToken(sequence + 1));
    }
}
