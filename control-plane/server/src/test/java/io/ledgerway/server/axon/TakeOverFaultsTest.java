package io.ledgerway.server.axon;

import static io.ledgerway.server.axon.Ledger.answer;
import static io.ledgerway.server.axon.Ledger.assertPlaced;
import static io.ledgerway.server.axon.Ledger.caught;
import static io.ledgerway.server.axon.Ledger.create;
import static io.ledgerway.server.axon.Ledger.events;
import static io.ledgerway.server.axon.Ledger.fold;
import static io.ledgerway.server.axon.Ledger.place;
import static io.ledgerway.server.axon.Ledger.read;
import static io.ledgerway.server.axon.Ledger.stream;
import static io.ledgerway.server.axon.Ledger.unavailable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.cluster.Cluster;
import io.ledgerway.domain.cluster.ClusterEvent.StreamPlaced;
import io.ledgerway.server.axon.Ledger.Held;
import io.ledgerway.server.kafka.Broker;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.OpenTransaction;
import io.ledgerway.server.kafka.PartitionWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What a new owner finds and what an old one may still do, whatever happens between the two.
/// Each scenario is run twice: as things are, and with the bug planted that it is there for.
class TakeOverFaultsTest {

    @Test
    void aFencedOwnerAnswersNothingMore() throws Exception {
        zombie(Held::new);
        caught(() -> zombie(EmptyBarrier::new));
    }

    private void zombie(Function<LogSettings, Held> takeOver) throws Exception {
        var settings = Broker.freshLog("zombie", 1);
        try (var zombie = takeOver.apply(settings).open()) {
            answer(zombie.execute(create("c", "test")));
            assertPlaced(0, answer(zombie.execute(place("first", "n"))));
            try (var owner = new Held(settings).open()) {
                assertEquals(zombie.epoch() + 1, owner.epoch());
                var why = unavailable(zombie.execute(place("retry", "n")));
                assertTrue(why.getMessage().contains("FENCED"), why.getMessage());
                unavailable(zombie.execute(place("more", "m")));
                assertPlaced(0, answer(owner.execute(place("retry", "n"))));
            }
        }
        assertEquals(1, events(read(settings, 0), place("first", "n")));
    }

    @Test
    void aTakeOverSeesAllThatWasAnsweredBeforeIt() throws Exception {
        commitDuringTakeOver(Between::new);
        caught(() -> commitDuringTakeOver(ReadsBeforeFencing::new));
    }

    /// The old owner goes on until it is fenced, and each of its answers has to survive.
    private void commitDuringTakeOver(Function<LogSettings, Between> takeOver) throws Exception {
        var settings = Broker.freshLog("during", 1);
        try (var old = new Held(settings).open()) {
            answer(old.execute(create("c", "test")));
            var next = takeOver.apply(settings);
            var during = new CompletableFuture<Reply>();
            next.between = () -> {
                var reply = old.execute(place("during", "n"));
                reply.handle((done, failed) -> failed == null ? during.complete(done) : during.cancel(false))
                        .join();
            };
            try (var owner = next.open()) {
                answer(owner.execute(place("after", "m")));
            }
        }
        var placements = fold(read(settings, 0)).placements();
        assertTrue(placements.containsKey(stream("m")));
        assertFalse(placements.containsKey(stream("n")), "a fenced owner has answered");
    }

    @Test
    void anOpenTransactionOfADeadOwnerNeverHappened() throws Exception {
        deadOwner(settings -> settings);
        // The planted bug: reading what is not committed.
        caught(() -> deadOwner(settings -> new LogSettings(
                settings.bootstrap(), settings.topic(), (short) 1, Map.of("isolation.level", "read_uncommitted"))));
    }

    private void deadOwner(Function<LogSettings, LogSettings> nextOwner) throws Exception {
        var settings = Broker.freshLog("dead", 1);
        Envelope last;
        try (var log = new Held(settings).open()) {
            answer(log.execute(create("c", "test")));
            last = read(settings, 0).getLast();
        }
        OpenTransaction.leaveBehind(
                settings,
                0,
                last,
                new EnvelopeRecords(),
                envelope -> new Envelope(
                        envelope.cluster(),
                        envelope.stream(),
                        envelope.partition(),
                        envelope.sequence() + 1,
                        envelope.id(),
                        envelope.causation(),
                        envelope.correlation(),
                        envelope.actor(),
                        envelope.validFrom(),
                        envelope.recordedAt(),
                        envelope.cloudRequestId(),
                        envelope.schemaVersion(),
                        envelope.previousHash(),
                        new StreamPlaced(stream("ghost"), 0)));
        try (var log = new Held(nextOwner.apply(settings)).open()) {
            assertPlaced(0, answer(log.execute(place("p", "n"))));
            assertFalse(log.cluster().placements().containsKey(stream("ghost")));
        }
        assertEquals(
                List.of(stream("n")),
                List.copyOf(fold(read(settings, 0)).placements().keySet()));
    }

    @Test
    void aTakeOverReadsEverything() throws Exception {
        restart(Held::new);
        caught(() -> restart(NoReplay::new));
    }

    private void restart(Function<LogSettings, Held> takeOver) throws Exception {
        var settings = Broker.freshLog("replay", 1);
        Cluster before;
        try (var log = new Held(settings).open()) {
            answer(log.execute(create("c", "test")));
            answer(log.execute(place("p", "n")));
            before = log.cluster();
        }
        try (var log = takeOver.apply(settings).open()) {
            assertEquals(before, log.cluster());
            assertEquals(2, log.epoch());
            answer(log.execute(place("q", "m")));
        }
        assertEquals(
                List.of(stream("n"), stream("m")),
                List.copyOf(fold(read(settings, 0)).placements().keySet()));
    }

    /// A barrier is a transaction with nothing in it.
    private static final class EmptyBarrier extends Held {
        EmptyBarrier(LogSettings settings) {
            super(settings);
        }

        @Override
        HeldWriter writer(LogSettings settings) {
            return new HeldWriter(settings, partition(), index()) {
                @Override
                protected void writeBarrier() {}
            };
        }
    }

    /// Something happens between the two steps of a take-over, whichever comes first.
    private static class Between extends Held {
        Runnable between = () -> {};

        Between(LogSettings settings) {
            super(settings);
        }

        @Override
        Envelope.Hash replay() {
            between.run();
            return super.replay();
        }
    }

    private static final class ReadsBeforeFencing extends Between {
        private Envelope.Hash read;

        ReadsBeforeFencing(LogSettings settings) {
            super(settings);
        }

        @Override
        PartitionWriter fence() {
            var something = between;
            between = () -> {};
            read = super.replay();
            something.run();
            return super.fence();
        }

        @Override
        Envelope.Hash replay() {
            return read;
        }
    }

    /// A new owner begins with what it knows: nothing.
    private static final class NoReplay extends Held {
        NoReplay(LogSettings settings) {
            super(settings);
        }

        @Override
        Envelope.Hash replay() {
            return Envelope.Hash.NONE;
        }
    }
}
