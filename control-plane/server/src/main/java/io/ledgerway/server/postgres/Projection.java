package io.ledgerway.server.postgres;

import io.ledgerway.server.run.CommittedLog;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/// Follows the log into PostgreSQL on a thread of its own, through every absence of either.
///
/// Transitions: STARTING -> FOLLOWING; FOLLOWING -> STANDING_BY (overtaken) -> FOLLOWING (the other has stopped);
/// any -> RETRYING (a failure) -> FOLLOWING; any -> REFUSING (another log) -> FOLLOWING; any -> STOPPED (closed).
public final class Projection implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Projection.class);

    /// How long the log is waited for before it is looked whether anything else has changed.
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /// Between two transactions that leave nothing behind: what comes meanwhile shares the next one, and the log's
    /// callers are not disturbed by each other's rows.
    private static final Duration GATHERING = Duration.ofMillis(50);

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(5);

    /// One who projects and does not move for this long has stopped.
    private static final Duration STAND_BY = Duration.ofSeconds(2);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final CommittedLog log;
    private final Schemas schemas;
    private final Transactions transactions;
    private final Thread thread;
    private volatile boolean closed;
    private volatile ProjectionStatus status =
            new ProjectionStatus(ProjectionStatus.State.STARTING, "", new TreeMap<>(), 0);

    /// @param projected how many records of the partition are in PostgreSQL
    /// @param committed how many are durable; unknown while the partition is not served here
    public record Progress(int partition, long projected, OptionalLong committed) {
        public long lag() {
            return committed.isPresent() ? Math.max(0, committed.getAsLong() - projected) : 0;
        }
    }

    private Projection(CommittedLog log, Database database) {
        this.log = log;
        this.schemas = new Schemas(database.source());
        this.transactions = new Transactions(database.source());
        this.thread = Thread.ofVirtual().name("projection").unstarted(this::run);
    }

    /// Returns at once; [#status] tells how it goes.
    public static Projection start(CommittedLog log, Database database) {
        var projection = new Projection(log, database);
        projection.thread.start();
        return projection;
    }

    public ProjectionStatus status() {
        return status;
    }

    /// How far the projection is, partition by partition.
    public List<Progress> progress() {
        var next = status.next();
        var all = new ArrayList<Progress>();
        for (int partition = 0; partition < log.partitions(); partition++) {
            all.add(new Progress(partition, next.getOrDefault(partition, 0L), log.committed(partition)));
        }
        return all;
    }

    /// Records that are durable in the log and not projected, over all partitions that are served here.
    public long lag() {
        return progress().stream().mapToLong(Progress::lag).sum();
    }

    private void run() {
        var retry = FIRST_RETRY;
        while (!closed) {
            try {
                follow(Projector.load(transactions, schemas.prepare(), log.partitions()));
                retry = FIRST_RETRY;
            } catch (InterruptedException e) {
                break;
            } catch (Overtaken e) {
                standBy(e);
                retry = FIRST_RETRY;
            } catch (OtherLog e) {
                LOG.error(e.getMessage());
                report(ProjectionStatus.State.REFUSING, e.getMessage());
                retry = pause(LAST_RETRY);
            } catch (SQLException | RuntimeException e) {
                if (status.state() == ProjectionStatus.State.FOLLOWING) {
                    retry = FIRST_RETRY;
                }
                LOG.warnf("projecting into PostgreSQL is tried again in %d ms: %s", retry.toMillis(), e);
                report(ProjectionStatus.State.RETRYING, e.getMessage());
                retry = pause(retry);
            }
        }
        report(ProjectionStatus.State.STOPPED, "");
    }

    /// Until it is closed, or another table set answers.
    private void follow(Projector projector) throws SQLException, InterruptedException {
        try (var feed = new Feed(log, projector.reached().values())) {
            reached(projector.reached(), 0);
            while (!closed) {
                var records = feed.next(PATIENCE);
                if (!records.isEmpty()) {
                    projector.apply(records);
                    reached(projector.reached(), records.size());
                    if (records.size() < Batch.MOST_RECORDS) {
                        pause(GATHERING);
                    }
                } else if (schemas.live() != projector.slot()) {
                    return;
                }
            }
        }
    }

    /// Another one projects. This one goes on once that one has left records unprojected for a while.
    private void standBy(Overtaken overtaken) {
        LOG.infof("another process projects into the same tables; standing by: %s", overtaken.getMessage());
        report(ProjectionStatus.State.STANDING_BY, overtaken.getMessage());
        try {
            var before = positions(schemas.live());
            while (!closed) {
                pause(STAND_BY);
                var now = positions(schemas.live());
                note(now);
                if (now.equals(before) && lag() > 0) {
                    return;
                }
                before = now;
            }
        } catch (SQLException | RuntimeException e) {
            report(ProjectionStatus.State.RETRYING, e.getMessage());
        }
    }

    private SequencedMap<Integer, Reached> positions(Slot slot) throws SQLException {
        return transactions.read(connection -> Reached.read(connection, slot));
    }

    private void reached(SequencedMap<Integer, Reached> reached, int records) {
        note(reached);
        status = new ProjectionStatus(ProjectionStatus.State.FOLLOWING, "", status.next(), status.records() + records);
    }

    private void note(SequencedMap<Integer, Reached> reached) {
        Map<Integer, Long> next = new TreeMap<>();
        reached.forEach((partition, each) -> next.put(partition, each.next()));
        status = new ProjectionStatus(status.state(), status.problem(), next, status.records());
    }

    private void report(ProjectionStatus.State state, String problem) {
        status = new ProjectionStatus(state, String.valueOf(problem), status.next(), status.records());
    }

    /// @return how long to wait the next time
    private Duration pause(Duration time) {
        try {
            waitUntilClosed(() -> closed, time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
        var doubled = time.multipliedBy(2);
        return doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }

    private synchronized void waitUntilClosed(BooleanSupplier done, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toMillis(); left > 0 && !done.getAsBoolean(); ) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
