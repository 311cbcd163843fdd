package io.ledgerway.server.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.IntFunction;
import javax.sql.DataSource;

/// Breaks connections around their commit, as a killed process or a lost network does.
final class BreakingSource {

    enum Fault {
        NONE,
        /// The connection is gone before the server hears of the commit.
        BEFORE_COMMIT,
        /// The server commits, and nobody hears its answer.
        AFTER_COMMIT
    }

    private final DataSource real;
    private final IntFunction<Fault> fault;
    private int commits;

    /// @param fault what happens to the n-th commit, from 0 on
    BreakingSource(DataSource real, IntFunction<Fault> fault) {
        this.real = real;
        this.fault = fault;
    }

    DataSource source() {
        return (DataSource) Proxy.newProxyInstance(
                BreakingSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    try {
                        var result = method.invoke(real, arguments);
                        return result instanceof Connection connection ? breaking(connection) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Connection breaking(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                BreakingSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        commit(connection);
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void commit(Connection connection) throws SQLException {
        switch (fault.apply(commits++)) {
            case NONE -> connection.commit();
            case BEFORE_COMMIT -> {
                connection.rollback();
                throw new SQLException("the connection was lost before the commit");
            }
            case AFTER_COMMIT -> {
                connection.commit();
                throw new SQLException("the connection was lost after the commit");
            }
        }
    }
}
