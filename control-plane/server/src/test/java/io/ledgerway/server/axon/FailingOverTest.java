package io.ledgerway.server.axon;

import static io.ledgerway.server.axon.Ledger.answer;
import static io.ledgerway.server.axon.Ledger.caught;
import static io.ledgerway.server.axon.Ledger.create;
import static io.ledgerway.server.axon.Ledger.place;
import static io.ledgerway.server.axon.Ledger.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.cluster.ClusterEvent.StreamPlaced;
import io.ledgerway.server.kafka.Broker;
import io.ledgerway.server.kafka.LogSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.junit.jupiter.api.Test;

/// Owners take over from one another while twenty callers go on: what was answered is in the log, once.
class FailingOverTest {

    private static final int CALLERS = 20;
    private static final int TAKE_OVERS = 8;

    /// How many answers come between two take-overs at least.
    private static final int ANSWERS_BETWEEN = 100;

    @Test
    void nothingIsAnsweredThatTheLogHasNotAndNothingIsThereTwice() throws Exception {
        failOver(Ledger.Held::new);
        caught(() -> failOver(AnswersWhenAccepted::new));
    }

    private void failOver(Function<LogSettings, Ledger.Held> takeOver) throws Exception {
        var settings = Broker.freshLog("failing-over", 1);
        var owner = new AtomicReference<>(takeOver.apply(settings).open());
        answer(owner.get().execute(create("c", "test")));
        var stop = new AtomicBoolean();
        var answers = new AtomicLong();
        var callers = new ArrayList<CompletableFuture<List<String>>>();
        for (int caller = 0; caller < CALLERS; caller++) {
            var name = "caller-" + caller;
            callers.add(CompletableFuture.supplyAsync(
                    () -> call(owner, name, stop, answers), runnable -> Thread.startVirtualThread(runnable)));
        }
        var owners = new ArrayList<>(List.of(owner.get()));
        for (int i = 0; i < TAKE_OVERS; i++) {
            long before = answers.get();
            Ledger.within(Ledger.SOON, "answers", () -> answers.get() >= before + ANSWERS_BETWEEN);
            // The one before is not told: callers go on asking it until it finds out.
            owners.add(takeOver.apply(settings).open());
            synchronized (owner) {
                owner.set(owners.getLast());
                owner.notifyAll();
            }
        }
        synchronized (owner) {
            stop.set(true);
            owner.notifyAll();
        }
        var answered = new ArrayList<String>();
        for (var caller : callers) {
            answered.addAll(caller.get());
        }
        owners.forEach(PartitionLog::close);
        compare(answered, read(settings, 0));
    }

    /// Places one stream after the other, each until it is answered.
    private static List<String> call(
            AtomicReference<PartitionLog> owner, String name, AtomicBoolean stop, AtomicLong answers) {
        var answered = new ArrayList<String>();
        for (int i = 0; !stop.get(); ) {
            var node = name + "-" + i;
            var asked = owner.get();
            try {
                asked.execute(place(node, node)).get();
                answered.add(node);
                answers.incrementAndGet();
                i++;
            } catch (ExecutionException e) {
                assertTrue(e.getCause() instanceof LogUnavailable, e.getCause()::toString);
                awaitNext(owner, asked, stop);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return answered;
    }

    private static void awaitNext(AtomicReference<PartitionLog> owner, PartitionLog failed, AtomicBoolean stop) {
        synchronized (owner) {
            while (owner.get() == failed && !stop.get()) {
                try {
                    owner.wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static void compare(List<String> answered, List<Envelope> log) {
        var placed = new ArrayList<String>();
        for (var envelope : log) {
            if (envelope.event() instanceof StreamPlaced event) {
                placed.add(event.stream().node().value());
            }
        }
        assertEquals(placed.size(), placed.stream().distinct().count(), "something is in the log twice");
        var missing = new ArrayList<>(answered);
        missing.removeAll(new HashSet<>(placed));
        assertEquals(List.of(), missing, "something was answered that the log has not");
    }

    /// The planted bug: whatever is accepted is answered at once.
    private static final class AnswersWhenAccepted extends Ledger.Held {
        AnswersWhenAccepted(LogSettings settings) {
            super(settings);
        }

        @Override
        KafkaEventStorageEngine<Envelope> engine(Envelope.Hash last) {
            return new KafkaEventStorageEngine<>(format(), writer(), history(), last, this::stopped) {
                @Override
                CompletableFuture<ConsistencyMarker> answer(CompletableFuture<ConsistencyMarker> durable) {
                    return CompletableFuture.completedFuture(ConsistencyMarker.ORIGIN);
                }
            };
        }
    }
}
