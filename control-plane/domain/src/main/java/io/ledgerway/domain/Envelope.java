package io.ledgerway.domain;

import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EventId;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/// One record of the log: an event, and everything an auditor asks about it.
///
/// @param sequence dense within the partition, beginning at 0 (Kafka offsets have holes where transactions end)
/// @param causation the command that was decided
/// @param correlation the trace that the command belongs to
/// @param actor who asked, from the caller's certificate or credential, never from the message
/// @param validFrom when it happened, by the clock of whoever told it
/// @param recordedAt when the partition's owner accepted it
/// @param cloudRequestId ECS's RequestId, where a cloud call is behind the event
/// @param previousHash SHA-256 of the value bytes of the partition's record before; zeros before the first
public record Envelope(
        ClusterId cluster,
        Stream stream,
        int partition,
        long sequence,
        EventId id,
        CommandId causation,
        String correlation,
        String actor,
        Instant validFrom,
        Instant recordedAt,
        Optional<String> cloudRequestId,
        int schemaVersion,
        Hash previousHash,
        DomainEvent event) {

    /// The version that is written today; readers know every one up to it.
    public static final int SCHEMA_VERSION = 1;

    public Envelope {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(previousHash, "previousHash");
        if (sequence < 0) {
            throw new IllegalArgumentException("a sequence begins at 0, this one is " + sequence);
        }
    }

    /// 32 bytes of SHA-256, compared by value.
    public record Hash(byte[] bytes) {
        public static final int LENGTH = 32;
        public static final Hash NONE = new Hash(new byte[LENGTH]);

        public Hash {
            if (bytes.length != LENGTH) {
                throw new IllegalArgumentException("a SHA-256 hash has 32 bytes, this one has " + bytes.length);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return HexFormat.of().formatHex(bytes);
        }
    }
}
