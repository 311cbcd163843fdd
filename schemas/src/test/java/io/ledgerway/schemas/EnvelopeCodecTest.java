package io.ledgerway.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnvelopeCodecTest {

    static List<Class<?>> eventTypes() {
        return Samples.eventTypes();
    }

    private static Envelope envelope(DomainEvent event, long seed) {
        var hash = new byte[Envelope.Hash.LENGTH];
        Arrays.fill(hash, (byte) seed);
        return new Envelope(
                new ClusterId("c1"),
                new Stream("node/n1"),
                3,
                seed,
                new EventId("e" + seed),
                new CommandId("cmd" + seed),
                "trace" + seed,
                "node/n1@i-1",
                Instant.parse("2026-11-24T02:14:00.123456789Z"),
                Instant.parse("2026-11-24T02:14:01Z"),
                seed % 2 == 0 ? Optional.of("REQ-" + seed) : Optional.empty(),
                Envelope.SCHEMA_VERSION,
                new Envelope.Hash(hash),
                event);
    }

    @ParameterizedTest
    @MethodSource("eventTypes")
    void everyEventComesBackFromItsBytesAsItWas(Class<?> type) {
        for (long seed = 0; seed < 50; seed++) {
            var event = (DomainEvent) new Samples(seed).ofRecord(type);
            var envelope = envelope(event, seed);

            var bytes = EnvelopeCodec.encode(envelope);

            assertEquals(envelope, EnvelopeCodec.decode(bytes), "seed " + seed);
            assertArrayEquals(bytes, EnvelopeCodec.encode(EnvelopeCodec.decode(bytes)), "seed " + seed);
        }
    }

    @Test
    void everyEventOfTheSchemaBelongsToOneOfTheDomain() {
        var inSchema = new TreeSet<String>();
        for (var field : io.ledgerway.schemas.event.v1.Envelope.getDescriptor()
                .getOneofs()
                .getFirst()
                .getFields()) {
            inSchema.add(field.getMessageType().getName());
        }
        var inDomain = new TreeSet<String>();
        eventTypes().forEach(type -> inDomain.add(type.getSimpleName()));

        assertEquals(inDomain, inSchema);
    }

    @Test
    void everyEventHasARowInTheCatalogue() throws IOException {
        var catalogue = Files.readString(Path.of("README.md"));

        for (var type : eventTypes()) {
            assertTrue(catalogue.contains("| `" + type.getSimpleName() + "` |"), type.getSimpleName());
        }
    }

    @Test
    void anEventOfALaterVersionIsRefusedByName() {
        var unknown = io.ledgerway.schemas.event.v1.Envelope.newBuilder()
                .setClusterId("c1")
                .setStream("cluster")
                .setPartition(2)
                .setSequence(7)
                .setEventId("e")
                .setCausationId("c")
                .setSchemaVersion(9)
                .setPreviousHash(com.google.protobuf.ByteString.copyFrom(new byte[Envelope.Hash.LENGTH]))
                .build()
                .toByteArray();

        var refused = assertThrows(IllegalArgumentException.class, () -> EnvelopeCodec.decode(unknown));

        assertTrue(refused.getMessage().contains("2/7"), refused.getMessage());
        assertTrue(refused.getMessage().contains("schema version 9"), refused.getMessage());
    }

    @Test
    void bytesThatAreNoRecordAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> EnvelopeCodec.decode(new byte[] {1, 2, 3}));
    }
}
