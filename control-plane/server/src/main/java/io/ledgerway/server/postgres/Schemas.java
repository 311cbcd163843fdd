package io.ledgerway.server.postgres;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;

/// The projection's schemas: which table set answers now, and how a table set is made.
final class Schemas {

    static final String LEDGER = "ledgerway";

    private final DataSource source;
    private final Transactions transactions;

    Schemas(DataSource source) {
        this.source = source;
        this.transactions = new Transactions(source);
    }

    /// The table set that answers; the first call of all makes it.
    Slot prepare() throws SQLException {
        migrate(LEDGER, "db/ledger/V1__projections.sql");
        var live = transactions.write(connection -> {
            try (var insert = connection.prepareStatement("insert into " + LEDGER
                    + ".projection (version, live) values (?, ?) on conflict (version) do nothing")) {
                insert.setInt(1, Slot.VERSION);
                insert.setString(2, Slot.A.schema());
                insert.executeUpdate();
            }
            return live(connection).orElseThrow();
        });
        migrate(live);
        return live;
    }

    /// The table set that answers now; none before the first [#prepare].
    static Optional<Slot> live(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("select live from " + LEDGER + ".projection where version = ?")) {
            select.setInt(1, Slot.VERSION);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(Slot.of(row.getString(1))) : Optional.empty();
            }
        }
    }

    Slot live() throws SQLException {
        return transactions.read(connection -> live(connection).orElseThrow());
    }

    /// From the end of this transaction on the other table set answers.
    static void makeLive(Connection connection, Slot before, Slot after) throws SQLException {
        try (var update = connection.prepareStatement(
                "update " + LEDGER + ".projection set live = ?, switched_at = now() where version = ? and live = ?")) {
            update.setString(1, after.schema());
            update.setInt(2, Slot.VERSION);
            update.setString(3, before.schema());
            if (update.executeUpdate() != 1) {
                throw new Overtaken(before.schema() + " no longer answers; somebody else has rebuilt the projection");
            }
        }
    }

    /// Empties the table set.
    void recreate(Slot slot) throws SQLException {
        drop(slot);
        migrate(slot);
    }

    void drop(Slot slot) throws SQLException {
        transactions.write(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("drop schema if exists " + slot.schema() + " cascade");
            }
        });
    }

    private void migrate(Slot slot) {
        migrate(slot.schema(), "db/projection/V1__ledger.sql");
    }

    private void migrate(String schema, String... scripts) {
        Flyway.configure()
                .dataSource(source)
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                .resourceProvider(new Scripts(List.of(scripts)))
                .load()
                .migrate();
    }

    /// Names the scripts instead of having the class path searched for them, which each packaging does differently.
    private record Scripts(List<String> paths) implements ResourceProvider {

        @Override
        public LoadableResource getResource(String name) {
            return paths.contains(name) ? new Script(name) : null;
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            return paths.stream()
                    .<LoadableResource>map(Script::new)
                    .filter(script -> script.getFilename().startsWith(prefix)
                            && List.of(suffixes).stream().anyMatch(script.getFilename()::endsWith))
                    .toList();
        }
    }

    private static final class Script extends LoadableResource {
        private final String path;

        Script(String path) {
            this.path = path;
        }

        @Override
        public Reader read() {
            try (var in = Schemas.class.getClassLoader().getResourceAsStream(path)) {
                return new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("script " + path + " cannot be read", e);
            }
        }

        @Override
        public String getAbsolutePath() {
            return path;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return path;
        }

        @Override
        public String getFilename() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        @Override
        public String getRelativePath() {
            return path;
        }
    }
}
