package io.ledgerway.server.postgres;

import io.ledgerway.domain.Envelope;
import io.ledgerway.server.run.CommittedLog;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Projects the whole log into the table set that does not answer, lets that one answer, and drops the other. Whoever
/// projects into the tables meanwhile is not disturbed, and goes on in the new ones after the switch.
public final class Rebuild {

    /// How long the log is waited for before it is looked whether all of it is there.
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /// How often it may be found that the log, or the tables that answer, have moved on meanwhile.
    private static final int SWITCH_ATTEMPTS = 1_000;

    private final CommittedLog log;
    private final Schemas schemas;
    private final Transactions transactions;
    /// Partitions whose rows are not from this log: how far they are says nothing.
    private final Set<Integer> foreign = new HashSet<>();

    /// @param tables the schema that answers now
    public record Result(long records, String tables) {}

    private Rebuild(CommittedLog log, Database database) {
        this.log = log;
        this.schemas = new Schemas(database.source());
        this.transactions = new Transactions(database.source());
    }

    /// Returns when the new tables answer.
    ///
    /// @throws ProjectionAway if PostgreSQL fails meanwhile; then the tables that answered before still do
    public static Result run(CommittedLog log, Database database) throws InterruptedException {
        try {
            return new Rebuild(log, database).run();
        } catch (SQLException e) {
            throw new ProjectionAway(e);
        }
    }

    private Result run() throws SQLException, InterruptedException {
        var live = schemas.prepare();
        var before = transactions.read(connection -> Reached.read(connection, live));
        schemas.recreate(live.other());
        var projector = Projector.load(transactions, live.other(), log.partitions());
        long projected = 0;
        try (var feed = new Feed(log, projector.reached().values())) {
            for (int attempt = 0; !switched(live, before, projector); ) {
                var records = feed.next(PATIENCE);
                if (!records.isEmpty()) {
                    projector.apply(records);
                    projected += records.size();
                    findForeign(before, records);
                } else if (++attempt > SWITCH_ATTEMPTS) {
                    throw new IllegalStateException("the rebuilt tables "
                            + projector.slot().schema()
                            + " did not reach the end of the log and " + live.schema() + " in " + SWITCH_ATTEMPTS
                            + " attempts; nothing was switched");
                }
            }
        }
        schemas.drop(live);
        return new Result(projected, projector.slot().schema());
    }

    private void findForeign(SequencedMap<Integer, Reached> before, List<Envelope> records) {
        for (var record : records) {
            var known = before.get(record.partition());
            if (known != null && known.last().isPresent() && known.next() - 1 == record.sequence()) {
                try {
                    known.recognise(record);
                } catch (OtherLog e) {
                    foreign.add(record.partition());
                }
            }
        }
    }

    /// Lets the rebuilt tables answer if they have the whole log, and know no less than those that answer now, whose
    /// positions stand still meanwhile.
    private boolean switched(Slot live, SequencedMap<Integer, Reached> before, Projector rebuilt) throws SQLException {
        for (var ours : rebuilt.reached().values()) {
            var committed = log.committed(ours.partition());
            if (committed.isEmpty() || ours.next() < committed.getAsLong()) {
                return false;
            }
        }
        return transactions.write(connection -> {
            for (var old : Reached.lock(connection, live).values()) {
                int partition = old.partition();
                if (partition >= log.partitions() || foreign.contains(partition)) {
                    continue;
                }
                long ours = rebuilt.reached().get(partition).next();
                long atFirst = before.getOrDefault(partition, Reached.nothing(partition))
                        .next();
                // Tables that were ahead of the end of the log from the start are another log's.
                if (old.next() > ours && atFirst <= ours) {
                    return false;
                }
            }
            Schemas.makeLive(connection, live, rebuilt.slot());
            return true;
        });
    }
}
