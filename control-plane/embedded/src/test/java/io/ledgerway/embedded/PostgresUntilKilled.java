package io.ledgerway.embedded;

import java.nio.file.Path;

/// A process of its own that starts a server and then waits to be killed.
final class PostgresUntilKilled {
    private PostgresUntilKilled() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(arguments[0]), 0);
        System.out.println(postgres.jdbcUrl());
        Thread.currentThread().join();
    }
}
