package io.ledgerway.simulation.replay;

import io.ledgerway.server.postgres.Database;
import picocli.CommandLine.Option;

/// Where the projection's tables are. The password comes from the environment only, since arguments are seen by all.
final class ProjectionTables {

    private static final String PASSWORD = "LEDGERWAY_POSTGRES_PASSWORD";

    @Option(
            names = "--postgres",
            paramLabel = "URL",
            defaultValue = "${LEDGERWAY_POSTGRES_URL:-jdbc:postgresql://127.0.0.1:5432/ledgerway}",
            description = "PostgreSQL, as a JDBC URL; LEDGERWAY_POSTGRES_URL sets it too (${DEFAULT-VALUE}). Its"
                    + " password is read from " + PASSWORD + ".")
    private String url;

    @Option(
            names = "--postgres-user",
            paramLabel = "USER",
            defaultValue = "${LEDGERWAY_POSTGRES_USER:-ledgerway}",
            description = "Its user; LEDGERWAY_POSTGRES_USER sets it too (${DEFAULT-VALUE}).")
    private String user;

    ProjectionTables() {}

    Database open() {
        var password = System.getenv(PASSWORD);
        return Database.at(url, user, password == null ? "" : password);
    }

    String away(RuntimeException why) {
        return "the projection at " + url + " could not be used by " + user + " (" + why.getMessage()
                + "); --postgres, --postgres-user and " + PASSWORD + " say where it is and how it is entered";
    }
}
