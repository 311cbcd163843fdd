package io.ledgerway.server.postgres;

import io.ledgerway.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/// One real server for all tests of this package, emptied before each of them.
final class TestDatabase {

    private static EmbeddedPostgres server;
    private static Path folder;

    private TestDatabase() {}

    static synchronized EmbeddedPostgres server() {
        if (server == null) {
            try {
                folder = Files.createTempDirectory("ledgerway-projection-");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            server = EmbeddedPostgres.start(folder, 0);
            Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::stop));
        }
        return server;
    }

    static Database empty() throws SQLException {
        var database = Database.at(server().jdbcUrl(), server().user(), server().password());
        new Transactions(database.source()).write(connection -> {
            try (var statement = connection.createStatement()) {
                for (var schema : List.of(Schemas.LEDGER, Slot.A.schema(), Slot.B.schema())) {
                    statement.execute("drop schema if exists " + schema + " cascade");
                }
            }
            return null;
        });
        return database;
    }

    static Contents contents(Database database, Slot slot) throws SQLException {
        return new Transactions(database.source()).read(connection -> Contents.in(connection, slot));
    }

    static void execute(Database database, String... statements) throws SQLException {
        new Transactions(database.source()).write(connection -> {
            try (var statement = connection.createStatement()) {
                for (var sql : statements) {
                    statement.execute(sql);
                }
            }
            return null;
        });
    }

    private static void stop() {
        server.close();
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // The machine's own cleaning takes what is left of a temporary folder.
        }
    }
}
