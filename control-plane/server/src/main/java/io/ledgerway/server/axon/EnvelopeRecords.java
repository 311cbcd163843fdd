package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Envelope.Hash;
import io.ledgerway.schemas.EnvelopeCodec;
import io.ledgerway.server.kafka.RecordCodec;

/// Envelopes as they are in Kafka: Protobuf, keyed by stream.
public final class EnvelopeRecords implements RecordCodec<Envelope> {

    @Override
    public byte[] encode(Envelope envelope) {
        return EnvelopeCodec.encode(envelope);
    }

    @Override
    public Envelope decode(byte[] value) {
        return EnvelopeCodec.decode(value);
    }

    @Override
    public String key(Envelope envelope) {
        return envelope.stream().name();
    }

    @Override
    public long sequence(Envelope envelope) {
        return envelope.sequence();
    }

    @Override
    public Hash previousHash(Envelope envelope) {
        return envelope.previousHash();
    }
}
