package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope.Hash;
import io.ledgerway.server.kafka.RecordCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventstreaming.Tag;

/// Events whose payload is a text, with any tags: what Axon's suite appends, and our own tests of the bare engine.
final class TextFormat implements EventFormat<TextFormat.Text>, RecordCodec<TextFormat.Text> {

    record Text(
            long sequence,
            Hash previousHash,
            String id,
            String type,
            String payload,
            Map<String, String> metadata,
            Instant at,
            Set<Tag> tags) {}

    @Override
    public RecordCodec<Text> codec() {
        return this;
    }

    @Override
    public Text record(TaggedEventMessage<?> tagged, long sequence, Hash previous) {
        var event = tagged.event();
        return new Text(
                sequence,
                previous,
                event.identifier(),
                event.type().name(),
                (String) event.payload(),
                event.metadata(),
                event.timestamp(),
                tagged.tags());
    }

    @Override
    public EventMessage message(Text text) {
        return new GenericEventMessage(text.id, new MessageType(text.type), text.payload, text.metadata, text.at);
    }

    @Override
    public Set<Tag> tags(Text text) {
        return text.tags;
    }

    @Override
    public Step fold(List<Text> records) {
        return Step.NONE;
    }

    @Override
    public String key(Text text) {
        return text.tags.isEmpty() ? "none" : text.tags.iterator().next().value();
    }

    @Override
    public long sequence(Text text) {
        return text.sequence;
    }

    @Override
    public Hash previousHash(Text text) {
        return text.previousHash;
    }

    @Override
    public byte[] encode(Text text) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(text.sequence);
            out.write(text.previousHash.bytes());
            out.writeUTF(text.id);
            out.writeUTF(text.type);
            out.writeUTF(text.payload);
            out.writeLong(text.at.getEpochSecond());
            out.writeInt(text.at.getNano());
            out.writeInt(text.metadata.size());
            for (var entry : text.metadata.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeUTF(entry.getValue());
            }
            out.writeInt(text.tags.size());
            for (var tag : text.tags) {
                out.writeUTF(tag.key());
                out.writeUTF(tag.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public Text decode(byte[] value) {
        try (var in = new DataInputStream(new ByteArrayInputStream(value))) {
            long sequence = in.readLong();
            var hash = new Hash(in.readNBytes(Hash.LENGTH));
            var id = in.readUTF();
            var type = in.readUTF();
            var payload = in.readUTF();
            var at = Instant.ofEpochSecond(in.readLong(), in.readInt());
            var metadata = new LinkedHashMap<String, String>();
            for (int left = in.readInt(); left > 0; left--) {
                metadata.put(in.readUTF(), in.readUTF());
            }
            var tags = new LinkedHashSet<Tag>();
            for (int left = in.readInt(); left > 0; left--) {
                tags.add(new Tag(in.readUTF(), in.readUTF()));
            }
            return new Text(sequence, hash, id, type, payload, metadata, at, tags);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
