package io.ledgerway.server.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.audit.LogJournal;
import io.ledgerway.schemas.EnvelopeCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The recorded logs of the schemas module, projected in several splits: the tables are always those of the log.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GoldenProjectionTest {

    private static final Path GOLDEN = Path.of("..", "..", "schemas", "golden");
    private static final int PARTITIONS = 2;

    static List<Path> logs() {
        try (var files = Files.list(GOLDEN)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void thereAreGoldenLogs() {
        assertFalse(logs().isEmpty(), GOLDEN::toString);
    }

    @ParameterizedTest
    @MethodSource("logs")
    void aGoldenLogIsProjectedToTheSameRowsInEverySplit(Path log) throws IOException, SQLException {
        var records = Files.readAllLines(log).stream()
                .map(line -> EnvelopeCodec.decode(Base64.getDecoder().decode(line)))
                .toList();
        var journal = new LogJournal();
        records.forEach(journal::add);
        for (int size : List.of(1, 3, 8, records.size())) {
            try (var database = TestDatabase.empty()) {
                var slot = project(database, records, size);
                assertEquals(
                        Contents.of(journal),
                        TestDatabase.contents(database, slot),
                        log.getFileName() + " in batches of " + size);
            }
        }
    }

    /// Every other batch is applied by a projector that begins from the tables.
    private static Slot project(Database database, List<Envelope> records, int size) throws SQLException {
        var slot = new Schemas(database.source()).prepare();
        var transactions = new Transactions(database.source());
        var projector = Projector.load(transactions, slot, PARTITIONS);
        for (int from = 0; from < records.size(); from += size) {
            if (from / size % 2 == 1) {
                projector = Projector.load(transactions, slot, PARTITIONS);
            }
            projector.apply(records.subList(from, Math.min(records.size(), from + size)));
        }
        return slot;
    }
}
