package io.ledgerway.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir
    Path folder;

    @Test
    void rowsSurviveARestartOnTheSameFolder() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, 0)) {
            update(postgres, "CREATE TABLE holding (address text)");
            update(postgres, "INSERT INTO holding VALUES ('10.0.0.5')");
        }

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, 0)) {
            assertEquals("10.0.0.5", query(postgres, "SELECT address FROM holding"));
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, 0)) {
            assertThrows(
                    SQLException.class,
                    () -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "guess"));
        }
    }

    @Test
    void aSecondServerOnTheSameFolderIsRefusedAndTheFirstGoesOn() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, 0)) {
            var failure = assertThrows(UncheckedIOException.class, () -> EmbeddedPostgres.start(folder, 0));

            assertTrue(failure.getMessage().contains("already runs"), failure.getMessage());
            assertEquals("1", query(postgres, "SELECT 1"));
        }
    }

    @Test
    void aLockFileThatNamesAnotherProgramIsNoObstacle() throws Exception {
        EmbeddedPostgres.start(folder, 0).close();
        Files.writeString(
                folder.resolve("cluster/postmaster.pid"),
                ProcessHandle.current().pid() + "\n");

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, 0)) {
            assertEquals("1", query(postgres, "SELECT 1"));
        }
    }

    @Test
    void theServerEndsWithTheProcessThatStartedIt() throws Exception {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PostgresUntilKilled.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String ready = owner.inputReader().readLine();
        assertTrue(ready != null && ready.startsWith("jdbc:postgresql:"), ready);
        ProcessHandle server = postmaster();

        owner.destroyForcibly();

        server.onExit().get(20, TimeUnit.SECONDS);
        assertFalse(server.isAlive());
    }

    private ProcessHandle postmaster() throws Exception {
        String pid =
                Files.readAllLines(folder.resolve("cluster/postmaster.pid")).getFirst();
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }

    private static void update(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }
}
