package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Envelope.Hash;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Stream;
import io.ledgerway.server.kafka.RecordCodec;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.GenericMessage;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.Metadata;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.Tag;

/// Envelopes: what a handler appends is a [Draft], what it sources is an [Envelope].
final class EnvelopeFormat implements EventFormat<Envelope> {

    static final MessageType EVENT = new MessageType("ledgerway.Event");
    private static final String STREAM = "stream";

    private final ClusterId cluster;
    private final int partition;
    private final RecordCodec<Envelope> codec;
    private final Folds folds;
    private final InstantSource clock;
    private final Map<Stream, Set<Tag>> tags = new ConcurrentHashMap<>();

    EnvelopeFormat(ClusterId cluster, int partition, RecordCodec<Envelope> codec, Folds folds, InstantSource clock) {
        this.cluster = cluster;
        this.partition = partition;
        this.codec = codec;
        this.folds = folds;
        this.clock = clock;
    }

    @Override
    public RecordCodec<Envelope> codec() {
        return codec;
    }

    @Override
    public Envelope record(TaggedEventMessage<?> message, long sequence, Hash previous) {
        if (!(message.event().payload() instanceof Draft draft)) {
            throw new IllegalArgumentException("only drafts are appended to the log, not " + message.event());
        }
        return new Envelope(
                cluster,
                draft.stream(),
                partition,
                sequence,
                new EventId(partition + "-" + sequence),
                draft.cause().id(),
                draft.cause().correlation(),
                draft.cause().actor(),
                draft.validFrom(),
                clock.instant(),
                draft.cause().cloudRequestId(),
                Envelope.SCHEMA_VERSION,
                previous,
                draft.event());
    }

    @Override
    public EventMessage message(Envelope envelope) {
        return new GenericEventMessage(
                envelope.id().value(), EVENT, envelope, Metadata.emptyInstance(), envelope.recordedAt());
    }

    @Override
    public Set<Tag> tags(Envelope envelope) {
        return tagsOf(envelope.stream());
    }

    @Override
    public Step fold(List<Envelope> envelopes) {
        return folds.prepare(envelopes);
    }

    Set<Tag> tagsOf(Stream stream) {
        return tags.computeIfAbsent(stream, s -> Set.of(new Tag(STREAM, s.name())));
    }

    EventCriteria criteria(Stream stream) {
        return EventCriteria.havingTags(tagsOf(stream));
    }

    /// What Axon calls the event before it has a place in the log, and so before it has an id of its own.
    static EventMessage message(Draft draft) {
        return new GenericEventMessage(
                new GenericMessage(draft.cause().id().value(), EVENT, draft, Metadata.emptyInstance()),
                draft::validFrom);
    }
}
