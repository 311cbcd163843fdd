package io.ledgerway.simulation.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What a process writes into its log from a moment on.
///
/// @param from how long the log was then
public record LogTail(Path log, long from) {

    public static LogTail of(Path log) {
        try {
            return new LogTail(log, Files.size(log));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + log, e);
        }
    }

    public String text() {
        try {
            var all = Files.readAllBytes(log);
            return new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    /// The first line with these words.
    public Optional<String> line(String words) {
        return text().lines()
                .filter(line -> line.contains(words))
                .map(String::strip)
                .findFirst();
    }
}
