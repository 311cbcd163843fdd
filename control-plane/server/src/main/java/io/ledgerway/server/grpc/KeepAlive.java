package io.ledgerway.server.grpc;

import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/// Asks over each connection that a watch is open on whether somebody is still there: from a machine without power, or
/// behind a broken network, no end of a stream ever comes.
public final class KeepAlive {

    private static final Logger LOG = Logger.getLogger(KeepAlive.class);

    private final Rhythm rhythm;
    private final ScheduledExecutorService timers;

    /// @param every how long after an answer the next question is asked
    /// @param answerWithin after it the connection counts as ended
    public record Rhythm(Duration every, Duration answerWithin) {
        public Rhythm {
            if (!every.isPositive() || !answerWithin.isPositive()) {
                throw new IllegalArgumentException("a keep-alive takes time, not " + every + " and " + answerWithin);
            }
        }
    }

    KeepAlive(Rhythm rhythm, ScheduledExecutorService timers) {
        this.rhythm = rhythm;
        this.timers = timers;
    }

    /// Until the watch is closed.
    void watchOver(DesiredStateWatch watch, Connection connection) {
        watch.holds(timers.schedule(() -> ask(watch, connection), rhythm.every().toMillis(), TimeUnit.MILLISECONDS));
    }

    private void ask(DesiredStateWatch watch, Connection connection) {
        if (watch.isClosed()) {
            return;
        }
        ping(connection)
                .toCompletableFuture()
                .orTimeout(rhythm.answerWithin().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        watchOver(watch, connection);
                    } else if (!watch.isClosed()) {
                        end(watch, connection, failure);
                    }
                });
    }

    private static CompletionStage<?> ping(Connection connection) {
        try {
            return connection.ping();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void end(DesiredStateWatch watch, Connection connection, Throwable failure) {
        var cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        var why = cause instanceof TimeoutException
                ? "node " + watch.node() + " has not answered within "
                        + rhythm.answerWithin().toMillis() + " ms over the connection of its watch, which is closed"
                : "node " + watch.node() + " cannot be asked over the connection of its watch, which is closed: "
                        + cause;
        LOG.warn(why);
        watch.close(Status.UNAVAILABLE.withDescription(why));
        connection.close();
    }
}
