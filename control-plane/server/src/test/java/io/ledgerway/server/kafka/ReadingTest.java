package io.ledgerway.server.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Envelope.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A log that somebody has meddled with is not read on, and a topic that would forget is not written to.
class ReadingTest {

    /// `sequence|hash of the record before|key|text`.
    record Line(long sequence, Hash previousHash, String key, String text) {}

    static class Lines implements RecordCodec<Line> {
        @Override
        public byte[] encode(Line line) {
            return (line.sequence + "|" + line.previousHash + "|" + line.key + "|" + line.text)
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Line decode(byte[] value) {
            var parts = new String(value, StandardCharsets.UTF_8).split("\\|");
            return new Line(Long.parseLong(parts[0]), new Hash(HexFormat.of().parseHex(parts[1])), parts[2], parts[3]);
        }

        @Override
        public String key(Line line) {
            return line.key;
        }

        @Override
        public long sequence(Line line) {
            return line.sequence;
        }

        @Override
        public Hash previousHash(Line line) {
            return line.previousHash;
        }
    }

    private static final Lines LINES = new Lines();

    enum Meddling {
        LEAVES_ONE_OUT("sequence 3, expected was 2") {
            @Override
            void meddle(List<ProducerRecord<byte[], byte[]>> records) {
                records.remove(2);
            }
        },
        WRITES_ONE_TWICE("sequence 2, expected was 3") {
            @Override
            void meddle(List<ProducerRecord<byte[], byte[]>> records) {
                records.add(3, records.get(2));
            }
        },
        CHANGES_ONE("says that the record before it has hash") {
            @Override
            void meddle(List<ProducerRecord<byte[], byte[]>> records) {
                var line = LINES.decode(records.get(2).value());
                records.set(
                        2,
                        record(
                                records.get(2).topic(),
                                new Line(line.sequence, line.previousHash, line.key, "something else"),
                                line.key));
            }
        },
        CHANGES_A_KEY("has key other and holds a record of stream") {
            @Override
            void meddle(List<ProducerRecord<byte[], byte[]>> records) {
                records.set(
                        2,
                        record(
                                records.get(2).topic(),
                                LINES.decode(records.get(2).value()),
                                "other"));
            }
        },
        WRITES_NONSENSE("cannot be read") {
            @Override
            void meddle(List<ProducerRecord<byte[], byte[]>> records) {
                records.set(2, new ProducerRecord<>(records.get(2).topic(), 0, new byte[1], "nonsense".getBytes()));
            }
        };

        final String complaint;

        Meddling(String complaint) {
            this.complaint = complaint;
        }

        abstract void meddle(List<ProducerRecord<byte[], byte[]>> records);
    }

    @ParameterizedTest
    @EnumSource
    void aMeddledLogIsNotReadOn(Meddling meddling) {
        var settings = Broker.freshLog("meddled", 1);
        var records = chain(settings.topic());
        meddling.meddle(records);
        write(settings, records);
        var read = new ArrayList<Line>();
        var broken = assertThrows(BrokenLog.class, () -> {
            try (var reader = PartitionReader.fromStart(settings, 0, LINES)) {
                reader.readToEnd(read::add);
            }
        });
        assertTrue(broken.getMessage().contains(meddling.complaint), broken::getMessage);
        assertTrue(broken.getMessage().contains(settings.topic()), broken::getMessage);
        assertEquals(meddling == Meddling.LEAVES_ONE_OUT ? 2 : read.size(), read.size());
    }

    @Test
    void aGapIsNoticedEvenByTheHashAlone() {
        // The planted bug: a reader that believes any sequence, and one that believes any hash.
        var settings = Broker.freshLog("planted", 1);
        var records = chain(settings.topic());
        Meddling.LEAVES_ONE_OUT.meddle(records);
        write(settings, records);
        var believesSequences = new Lines() {
            private long next;

            @Override
            public long sequence(Line line) {
                return next++;
            }
        };
        assertThrows(BrokenLog.class, () -> readWith(settings, believesSequences));
        var believesAll = new Lines() {
            private long next;
            private Hash last = Hash.NONE;

            @Override
            public Line decode(byte[] value) {
                var line = super.decode(value);
                var believed = new Line(next++, last, line.key, line.text);
                last = Chain.hash(value);
                return believed;
            }
        };
        assertEquals(4, readWith(settings, believesAll));
    }

    @Test
    void aTopicThatWouldForgetIsRefused() throws Exception {
        var settings = Broker.freshLog("forgets");
        try (var admin = Admin.create(settings.properties(Map.of()))) {
            admin.createTopics(List.of(
                            new NewTopic(settings.topic(), 2, (short) 1).configs(Map.of("retention.ms", "604800000"))))
                    .all()
                    .get();
        }
        var forgetful = assertThrows(UnfitLog.class, () -> LogTopics.ensure(settings, 2));
        assertTrue(forgetful.getMessage().contains("retention.ms=604800000"), forgetful::getMessage);
        var other = assertThrows(UnfitLog.class, () -> LogTopics.ensure(settings, 3));
        assertTrue(other.getMessage().contains("has 2 partitions"), other::getMessage);
    }

    @Test
    void makingTheTopicsAgainChangesNothing() {
        var settings = Broker.freshLog("again", 3);
        LogTopics.ensure(settings, 3);
    }

    private static long readWith(LogSettings settings, Lines codec) {
        try (var reader = PartitionReader.fromStart(settings, 0, codec)) {
            reader.readToEnd(line -> {});
            return reader.nextSequence();
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> chain(String topic) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        var previous = Hash.NONE;
        for (int i = 0; i < 5; i++) {
            var line = new Line(i, previous, "stream", "text " + i);
            records.add(record(topic, line, line.key));
            previous = Chain.hash(LINES.encode(line));
        }
        return records;
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, Line line, String key) {
        return new ProducerRecord<>(topic, 0, key.getBytes(StandardCharsets.UTF_8), LINES.encode(line));
    }

    private static void write(LogSettings settings, List<ProducerRecord<byte[], byte[]>> records) {
        try (var producer = new KafkaProducer<>(
                settings.properties(Map.of("acks", "all")), new ByteArraySerializer(), new ByteArraySerializer())) {
            records.forEach(producer::send);
        }
    }
}
