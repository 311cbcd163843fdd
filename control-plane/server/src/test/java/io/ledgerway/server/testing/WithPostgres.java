package io.ledgerway.server.testing;

import io.ledgerway.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;

/// The surroundings, and a real PostgreSQL with them.
public final class WithPostgres extends Surroundings {

    private static EmbeddedPostgres postgres;
    private Path data;

    @Override
    public Map<String, String> start() {
        try {
            data = Files.createTempDirectory("ledgerway-control-plane-postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postgres = EmbeddedPostgres.start(data, 0);
        var settings = super.start();
        settings.put("ledgerway.postgres.url", postgres.jdbcUrl());
        settings.put("ledgerway.postgres.user", postgres.user());
        settings.put("ledgerway.postgres.password", postgres.password());
        return settings;
    }

    public static Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    @Override
    public void stop() {
        super.stop();
        postgres.close();
        try (var files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
