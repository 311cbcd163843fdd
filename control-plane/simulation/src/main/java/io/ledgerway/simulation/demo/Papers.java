package io.ledgerway.simulation.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/// A certificate and its key.
public record Papers(Path certificate, Path key) {

    /// Puts these in the place of others, as a renewal does.
    public void replace(Papers others) {
        try {
            Files.copy(key, others.key, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(certificate, others.certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(others.certificate, FileTime.from(Instant.now()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot put " + certificate + " in the place of " + others.certificate, e);
        }
    }
}
