package io.ledgerway.server.kafka;

import io.ledgerway.domain.Envelope.Hash;

/// What the log must know of its records: their bytes, and the fields that chain them together.
///
/// @param <R> a record; in production [io.ledgerway.domain.Envelope]
public interface RecordCodec<R> {

    byte[] encode(R record);

    R decode(byte[] value);

    /// The record's key in Kafka: the name of its stream.
    String key(R record);

    long sequence(R record);

    /// SHA-256 of the value bytes of the record before it in the partition.
    Hash previousHash(R record);
}
