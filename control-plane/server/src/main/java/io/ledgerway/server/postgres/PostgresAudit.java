package io.ledgerway.server.postgres;

import io.ledgerway.domain.audit.Coverage;
import io.ledgerway.domain.audit.Journal;
import io.ledgerway.server.run.Audit;
import io.ledgerway.server.run.CommittedLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/// Answers from the table set that is live, and says how much of the log that is.
public final class PostgresAudit implements Audit {

    /// How long the log may take to say how far it is. An answer without that is still one, and says so.
    private static final Duration LOG_LIMIT = Duration.ofSeconds(1);

    /// A rebuild may drop the tables between two statements; then the other ones are asked.
    private static final int ATTEMPTS = 2;

    private static final String UNDEFINED_TABLE = "42P01";

    private final CommittedLog log;
    private final Transactions transactions;
    private final InstantSource clock;

    /// What the log said of one partition: how many records it had, at a moment.
    private record Confirmed(int partition, Optional<Long> records) {}

    public PostgresAudit(CommittedLog log, Database database, InstantSource clock) {
        this.log = log;
        this.transactions = new Transactions(database.source());
        this.clock = clock;
    }

    @Override
    public <T> Answer<T> ask(BiFunction<Journal, Coverage, T> question) {
        // The log is asked first: whatever the tables hold then, they know it up to this moment or say that they do
        // not.
        var askedAt = clock.instant();
        var confirmed = confirm();
        for (int attempt = 1; ; attempt++) {
            try {
                return transactions.read(connection -> answer(connection, question, confirmed, askedAt));
            } catch (PostgresJournal.Failed e) {
                retryOrThrow(e.getCause(), attempt);
            } catch (SQLException e) {
                retryOrThrow(e, attempt);
            }
        }
    }

    private static void retryOrThrow(SQLException failure, int attempt) {
        if (!UNDEFINED_TABLE.equals(failure.getSQLState()) || attempt == ATTEMPTS) {
            throw new Unavailable(
                    "the ledger's projection in PostgreSQL cannot be read: " + failure.getMessage(), failure);
        }
    }

    private <T> Answer<T> answer(
            Connection connection,
            BiFunction<Journal, Coverage, T> question,
            List<Confirmed> confirmed,
            Instant askedAt)
            throws SQLException {
        var slot = Schemas.live(connection)
                .orElseThrow(() -> new Unavailable("nothing has been projected into PostgreSQL yet", null));
        var reached = Reached.read(connection, slot);
        var parts = new ArrayList<Coverage.Part>();
        for (var part : confirmed) {
            parts.add(part(
                    reached.getOrDefault(part.partition(), Reached.nothing(part.partition())),
                    part.records(),
                    askedAt));
        }
        var coverage = new Coverage(parts);
        return new Answer<>(question.apply(new PostgresJournal(connection, slot), coverage), coverage);
    }

    private static Coverage.Part part(Reached reached, Optional<Long> records, Instant askedAt) {
        var behind = records.map(count -> Math.max(0, count - reached.next()));
        var known = behind.equals(Optional.of(0L))
                ? Optional.of(askedAt)
                : reached.last().map(Reached.Last::recordedAt);
        return new Coverage.Part(reached.partition(), reached.next(), known, behind);
    }

    private List<Confirmed> confirm() {
        var asked = new ArrayList<CompletableFuture<Long>>();
        for (int partition = 0; partition < log.partitions(); partition++) {
            asked.add(log.confirm(partition));
        }
        long deadline = System.nanoTime() + LOG_LIMIT.toNanos();
        var confirmed = new ArrayList<Confirmed>();
        for (int partition = 0; partition < asked.size(); partition++) {
            confirmed.add(new Confirmed(partition, within(asked.get(partition), deadline)));
        }
        return confirmed;
    }

    private static Optional<Long> within(CompletableFuture<Long> asked, long deadline) {
        try {
            return Optional.of(asked.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
