package io.ledgerway.server.axon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cluster.Cluster;
import io.ledgerway.domain.cluster.ClusterCommand.CreateCluster;
import io.ledgerway.domain.cluster.ClusterCommand.PlaceStream;
import io.ledgerway.server.axon.Partitions.Configuration;
import io.ledgerway.server.kafka.BrokenLog;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.PartitionReader;
import io.ledgerway.server.kafka.PartitionWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.AssertionFailedError;

/// What the tests of a partition share: its commands, how it is opened, and how its log is read by a stranger.
final class Ledger {

    static final ClusterId CLUSTER = new ClusterId("test");
    static final Duration SOON = Duration.ofSeconds(20);

    /// Long enough that an answer which does not wait for the commit would have come.
    static final Duration A_WHILE = Duration.ofMillis(150);

    private static final Duration POLL = Duration.ofMillis(2);

    private Ledger() {}

    static Configuration configuration(LogSettings settings, int partitions) {
        return new Configuration(settings, CLUSTER, partitions, "localhost:1", InstantSource.system());
    }

    /// A take-over whose writer the test can hold.
    static class Held extends TakeOver {
        HeldWriter held;

        Held(LogSettings settings) {
            super(configuration(settings, 1), 0);
        }

        HeldWriter writer(LogSettings settings) {
            return new HeldWriter(settings, partition(), index());
        }

        @Override
        PartitionWriter fence() {
            held = writer(who().settings());
            return held;
        }
    }

    static Header header(String command) {
        return new Header(new CommandId(command), Instant.EPOCH, "test");
    }

    static CreateCluster create(String command, String cluster) {
        return new CreateCluster(header(command), new ClusterId(cluster), 1);
    }

    static PlaceStream place(String command, String node) {
        return new PlaceStream(header(command), stream(node));
    }

    static Stream stream(String node) {
        return Stream.node(new NodeName(node));
    }

    static Reply answer(CompletableFuture<Reply> reply) {
        try {
            return reply.get(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionFailedError("answered with a failure", e.getCause());
        } catch (Exception e) {
            throw new AssertionFailedError("not answered", e);
        }
    }

    static LogUnavailable unavailable(CompletableFuture<Reply> reply) {
        try {
            return fail("answered with " + reply.get(SOON.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LogUnavailable unavailable) {
                return unavailable;
            }
            throw new AssertionFailedError("failed otherwise", e.getCause());
        } catch (Exception e) {
            throw new AssertionFailedError("not answered", e);
        }
    }

    /// Fails if the reply has come, and lets the held commit go then, so that nobody waits for it.
    static void stillOpenAfterAWhile(CompletableFuture<?> reply, HeldWriter held) {
        try {
            var early = reply.get(A_WHILE.toMillis(), TimeUnit.MILLISECONDS);
            held.release();
            fail("answered before the commit: " + early);
        } catch (ExecutionException e) {
            held.release();
            throw new AssertionFailedError("answered before the commit", e.getCause());
        } catch (TimeoutException e) {
            // As it should be.
        } catch (InterruptedException e) {
            throw new AssertionFailedError("interrupted", e);
        }
    }

    static void within(Duration time, String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail(what + " did not come within " + time);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /// What anyone reads in the partition; fails if the records do not follow one another.
    static List<Envelope> read(LogSettings settings, int partition) {
        var all = new ArrayList<Envelope>();
        try (var reader = PartitionReader.fromStart(settings, partition, new EnvelopeRecords())) {
            reader.readToEnd(all::add);
        }
        return all;
    }

    /// The fold of what is read, independent of any owner.
    static Cluster fold(List<Envelope> envelopes) {
        var folds = new Folds();
        envelopes.forEach(folds::replayed);
        return (Cluster) folds.committed(Stream.CLUSTER).value();
    }

    static long events(List<Envelope> envelopes, Command cause) {
        return envelopes.stream()
                .filter(envelope -> envelope.causation().equals(cause.header().id()))
                .count();
    }

    static void assertPlaced(int partition, Reply reply) {
        assertEquals(new Cluster.Answer.Placed(partition), reply.answer());
    }

    /// A planted bug must not get past the scenario, and must be noticed for what it does.
    static void caught(Executable scenario) {
        var noticed = assertThrows(Throwable.class, scenario, "the planted bug was not noticed");
        if (!(noticed instanceof AssertionError || noticed instanceof BrokenLog)) {
            throw new AssertionFailedError("the scenario did not run to where it looks", noticed);
        }
    }
}
