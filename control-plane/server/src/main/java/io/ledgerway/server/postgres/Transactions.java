package io.ledgerway.server.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/// Runs work in one transaction: all of it is kept, or nothing.
final class Transactions {

    /// A statement that takes longer is given up, so that a lock or a sick server blocks nobody for ever.
    static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);

    private final DataSource source;

    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    Transactions(DataSource source) {
        this.source = source;
    }

    <T> T write(Work<T> work) throws SQLException {
        return run(Connection.TRANSACTION_READ_COMMITTED, false, work);
    }

    /// Everything that `work` reads is of one moment.
    <T> T read(Work<T> work) throws SQLException {
        return run(Connection.TRANSACTION_REPEATABLE_READ, true, work);
    }

    private <T> T run(int isolation, boolean readOnly, Work<T> work) throws SQLException {
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(isolation);
            connection.setReadOnly(readOnly);
            try {
                try (var statement = connection.createStatement()) {
                    // A crash of the server may lose the newest transactions whole; their records are projected again.
                    statement.execute("set local statement_timeout = " + STATEMENT_LIMIT.toMillis()
                            + "; set local synchronous_commit = off");
                }
                T result = work.in(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            } finally {
                leaveAsFound(connection);
            }
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /// A pooled connection is handed to others after this.
    private static void leaveAsFound(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            connection.setReadOnly(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(true);
        }
    }
}
