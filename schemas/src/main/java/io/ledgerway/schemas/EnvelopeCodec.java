package io.ledgerway.schemas;

import static io.ledgerway.schemas.Values.instant;
import static io.ledgerway.schemas.Values.time;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Stream;
import java.util.Optional;

/// The value bytes of a record of the log, and back.
public final class EnvelopeCodec {

    private EnvelopeCodec() {}

    public static byte[] encode(Envelope envelope) {
        var to = io.ledgerway.schemas.event.v1.Envelope.newBuilder()
                .setClusterId(envelope.cluster().value())
                .setStream(envelope.stream().name())
                .setPartition(envelope.partition())
                .setSequence(envelope.sequence())
                .setEventId(envelope.id().value())
                .setCausationId(envelope.causation().value())
                .setCorrelationId(envelope.correlation())
                .setActor(envelope.actor())
                .setValidFrom(time(envelope.validFrom()))
                .setRecordedAt(time(envelope.recordedAt()))
                .setCloudRequestId(envelope.cloudRequestId().orElse(""))
                .setSchemaVersion(envelope.schemaVersion())
                .setPreviousHash(ByteString.copyFrom(envelope.previousHash().bytes()));
        EventWriter.write(envelope.event(), to);
        return to.build().toByteArray();
    }

    /// @throws IllegalArgumentException if the bytes are no envelope, or hold an event that this version does not know
    public static Envelope decode(byte[] value) {
        io.ledgerway.schemas.event.v1.Envelope from;
        try {
            from = io.ledgerway.schemas.event.v1.Envelope.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("these " + value.length + " bytes are no record of the log", e);
        }
        return new Envelope(
                new ClusterId(from.getClusterId()),
                new Stream(from.getStream()),
                from.getPartition(),
                from.getSequence(),
                new EventId(from.getEventId()),
                new CommandId(from.getCausationId()),
                from.getCorrelationId(),
                from.getActor(),
                instant(from.getValidFrom()),
                instant(from.getRecordedAt()),
                from.getCloudRequestId().isEmpty() ? Optional.empty() : Optional.of(from.getCloudRequestId()),
                from.getSchemaVersion(),
                new Envelope.Hash(from.getPreviousHash().toByteArray()),
                EventReader.read(from));
    }
}
