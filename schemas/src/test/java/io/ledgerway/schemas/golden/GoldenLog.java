package io.ledgerway.schemas.golden;

import io.ledgerway.domain.Envelope;
import io.ledgerway.schemas.EnvelopeCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/// One recorded log: the value bytes of its records in the order in which they were written, and beside it what they
/// fold to.
record GoldenLog(String name) {

    static final Path FOLDER = Path.of("golden");
    private static final String LOG = ".log";

    static List<GoldenLog> all() {
        try (var files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(LOG))
                    .map(file -> new GoldenLog(file.substring(0, file.length() - LOG.length())))
                    .sorted((one, other) -> one.name.compareTo(other.name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Logs are numbered in the order in which they were recorded.
    int number() {
        return Integer.parseInt(name.substring(0, name.indexOf('-')));
    }

    /// A line a record, Base64.
    Path log() {
        return FOLDER.resolve(name + LOG);
    }

    /// A line a record: which stream it changed, and to what.
    Path states() {
        return FOLDER.resolve(name + ".states.jsonl");
    }

    /// A line for each interval that auditors find in it.
    Path intervals() {
        return FOLDER.resolve(name + ".intervals.jsonl");
    }

    List<byte[]> bytes() {
        return lines(log()).stream().map(Base64.getDecoder()::decode).toList();
    }

    List<Envelope> records() {
        return bytes().stream().map(EnvelopeCodec::decode).toList();
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the golden log lacks " + file, e);
        }
    }

    /// What is recorded stays: a file that exists is never written again.
    static void writeNew(Path file, List<String> lines) {
        try {
            Files.write(file, lines, java.nio.file.StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " was not written; a golden log is never changed", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
