package io.ledgerway.server.postgres;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.Driver;

/// Connections to one PostgreSQL database. It may be away: nothing is asked of it before it is used.
public final class Database implements AutoCloseable {

    /// One for the projection, one for a rebuild, the others for questions.
    private static final int MOST_CONNECTIONS = 10;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

    /// A server that says nothing for longer than any statement may take is taken for dead.
    private static final Duration SILENCE_LIMIT = Transactions.STATEMENT_LIMIT.plusSeconds(10);

    private final AgroalDataSource source;

    private Database(AgroalDataSource source) {
        this.source = source;
    }

    /// @param url `jdbc:postgresql://host:port/database`
    public static Database at(String url, String user, String password) {
        var configuration = new AgroalDataSourceConfigurationSupplier();
        configuration.connectionPoolConfiguration(pool -> pool.maxSize(MOST_CONNECTIONS)
                .minSize(0)
                .initialSize(0)
                .acquisitionTimeout(CONNECT_LIMIT.plusSeconds(1))
                .reapTimeout(Duration.ofMinutes(1))
                .connectionValidator(connection -> isAlive(connection))
                .validateOnBorrow(true)
                .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url)
                        .connectionProviderClass(Driver.class)
                        .principal(new NamePrincipal(user))
                        .credential(new SimplePassword(password))
                        .jdbcProperty("connectTimeout", String.valueOf(CONNECT_LIMIT.toSeconds()))
                        .jdbcProperty("loginTimeout", String.valueOf(CONNECT_LIMIT.toSeconds()))
                        .jdbcProperty("socketTimeout", String.valueOf(SILENCE_LIMIT.toSeconds()))
                        .jdbcProperty("ApplicationName", "ledgerway")));
        try {
            return new Database(AgroalDataSource.from(configuration));
        } catch (SQLException e) {
            throw new IllegalArgumentException("no connections can be made for " + url + ": " + e.getMessage(), e);
        }
    }

    DataSource source() {
        return source;
    }

    private static boolean isAlive(java.sql.Connection connection) {
        try {
            return connection.isValid((int) CONNECT_LIMIT.toSeconds());
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
