package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope.Hash;
import io.ledgerway.server.axon.TextFormat.Text;
import io.ledgerway.server.kafka.LogFailure;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.OffsetIndex;
import io.ledgerway.server.kafka.PartitionReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.eventsourcing.eventstore.GenericTaggedEventMessage;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.Tag;

/// The bare engine on a partition of its own, taken over as production does it, for texts.
final class TextEngine implements AutoCloseable {

    final HeldWriter writer;
    final KafkaEventStorageEngine<Text> engine;
    final History<Text> history;
    final CompletableFuture<LogFailure> stopped = new CompletableFuture<>();

    /// What a test may put in the engine's place.
    interface Planting {
        KafkaEventStorageEngine<Text> engine(TextFormat format, HeldWriter writer, History<Text> history, Hash last);
    }

    static TextEngine open(LogSettings settings) {
        return new TextEngine(settings, null, HeldWriter::new);
    }

    interface Writers {
        HeldWriter fence(LogSettings settings, int partition, OffsetIndex index);
    }

    TextEngine(LogSettings settings, Planting planting, Writers writers) {
        var format = new TextFormat();
        var index = new OffsetIndex();
        writer = writers.fence(settings, 0, index);
        history = new History<>(settings, 0, format, index);
        Hash last;
        try (var reader = PartitionReader.fromStart(settings, 0, format, index)) {
            reader.readToEnd(history::replayed);
            last = reader.lastHash();
        }
        engine = planting == null
                ? new KafkaEventStorageEngine<>(format, writer, history, last, stopped::complete)
                : planting.engine(format, writer, history, last);
        writer.start(engine, () -> false);
    }

    /// Accepts now; the future tells of the commit.
    CompletableFuture<ConsistencyMarker> append(AppendCondition condition, String payload, String... streams) {
        return engine.appendEvents(condition, null, List.of(event(payload, streams)))
                .thenCompose(transaction -> commit(transaction));
    }

    private static <R> CompletableFuture<ConsistencyMarker> commit(AppendTransaction<R> transaction) {
        return transaction.commit(null).thenCompose(result -> transaction.afterCommit(result, null));
    }

    long appended(String payload, String... streams) throws Exception {
        return GlobalIndexConsistencyMarker.position(
                append(AppendCondition.none(), payload, streams).get(10, TimeUnit.SECONDS));
    }

    /// What a handler would read now: payloads, then the marker as `@n`.
    List<String> sourced(String stream, long from) {
        var found = new ArrayList<String>();
        engine.source(
                        SourcingCondition.conditionFor(
                                new GlobalIndexConsistencyMarker(from).position(), criteria(stream)),
                        null)
                .reduce(found, (list, entry) -> {
                    var marker = entry.getResource(ConsistencyMarker.RESOURCE_KEY);
                    list.add(
                            marker == null
                                    ? (String) entry.message().payload()
                                    : "@" + GlobalIndexConsistencyMarker.position(marker));
                    return list;
                })
                .join();
        return found;
    }

    static AppendCondition ifNothingSince(long marker, String... streams) {
        return AppendCondition.withCriteria(criteria(streams)).withMarker(new GlobalIndexConsistencyMarker(marker));
    }

    static EventCriteria criteria(String... streams) {
        return EventCriteria.havingTags(tags(streams));
    }

    static TaggedEventMessage<EventMessage> event(String payload, String... streams) {
        return new GenericTaggedEventMessage<>(
                new GenericEventMessage(
                        UUID.randomUUID().toString(), new MessageType("text"), payload, Map.of(), Instant.now()),
                tags(streams));
    }

    private static Set<Tag> tags(String... streams) {
        var tags = new LinkedHashSet<Tag>();
        for (var stream : streams) {
            tags.add(new Tag("stream", stream));
        }
        return tags;
    }

    @Override
    public void close() {
        writer.release();
        writer.close();
    }
}
