package io.ledgerway.server.axon;

import static io.ledgerway.server.axon.Ledger.answer;
import static io.ledgerway.server.axon.Ledger.assertPlaced;
import static io.ledgerway.server.axon.Ledger.caught;
import static io.ledgerway.server.axon.Ledger.create;
import static io.ledgerway.server.axon.Ledger.events;
import static io.ledgerway.server.axon.Ledger.fold;
import static io.ledgerway.server.axon.Ledger.place;
import static io.ledgerway.server.axon.Ledger.read;
import static io.ledgerway.server.axon.Ledger.stillOpenAfterAWhile;
import static io.ledgerway.server.axon.Ledger.stream;
import static io.ledgerway.server.axon.Ledger.unavailable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Decision;
import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.cluster.Cluster;
import io.ledgerway.domain.cluster.ClusterEvent.StreamPlaced;
import io.ledgerway.server.axon.Ledger.Held;
import io.ledgerway.server.axon.LogUnavailable.Outcome;
import io.ledgerway.server.kafka.Broker;
import io.ledgerway.server.kafka.KafkaTrouble;
import io.ledgerway.server.kafka.LogFailure;
import io.ledgerway.server.kafka.LogSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.core.MessageStream;
import org.junit.jupiter.api.Test;

/// What a partition answers while commits are slow, fail, or lose their answer: never more than the log can keep.
/// Each scenario is run twice: as things are, and with the bug planted that it is there for.
class PartitionAnswersTest {

    @Test
    void anAnswerWithoutEventsWaitsForWhatItRestsOn() throws Exception {
        eventlessAnswer(Held::new);
        caught(() -> eventlessAnswer(NoBarrier::new));
    }

    private void eventlessAnswer(Function<LogSettings, Held> takeOver) throws Exception {
        var settings = Broker.freshLog("eventless", 1);
        var parts = takeOver.apply(settings);
        try (var log = parts.open()) {
            answer(log.execute(create("c", "test")));
            var held = parts.held.hold();
            var first = log.execute(place("first", "n"));
            held.await(10, TimeUnit.SECONDS);
            var retry = log.execute(place("retry", "n"));
            stillOpenAfterAWhile(retry, parts.held);
            parts.held.failInstead(KafkaTrouble.timeout());
            parts.held.release();
            assertEquals(Outcome.UNKNOWN, unavailable(first).outcome());
            unavailable(retry);
        }
        assertFalse(fold(read(settings, 0)).placements().containsKey(stream("n")));
    }

    @Test
    void aRefusalWaitsForWhatItRestsOn() throws Exception {
        refusal(Held::new);
        caught(() -> refusal(ThrowsRefusals::new));
        caught(() -> refusal(NoBarrier::new));
    }

    private void refusal(Function<LogSettings, Held> takeOver) throws Exception {
        var settings = Broker.freshLog("refusal", 1);
        var parts = takeOver.apply(settings);
        try (var log = parts.open()) {
            var held = parts.held.hold();
            var ours = log.execute(create("ours", "test"));
            held.await(10, TimeUnit.SECONDS);
            var theirs = log.execute(create("theirs", "other"));
            stillOpenAfterAWhile(theirs, parts.held);
            parts.held.failInstead(KafkaTrouble.timeout());
            parts.held.release();
            unavailable(ours);
            unavailable(theirs);
        }
        assertTrue(fold(read(settings, 0)).id().isEmpty(), "what the refusal rested on never happened");
    }

    @Test
    void aLostCommitAnswerLeavesTheWordToTheLog() throws Exception {
        lostAnswer(Held::new);
        caught(() -> lostAnswer(RepeatsLostCommits::new));
    }

    private void lostAnswer(Function<LogSettings, Held> takeOver) throws Exception {
        var settings = Broker.freshLog("lost", 1);
        var parts = takeOver.apply(settings);
        try (var log = parts.open()) {
            answer(log.execute(create("c", "test")));
            parts.held.failAfter(KafkaTrouble.timeout());
            assertEquals(
                    Outcome.UNKNOWN, unavailable(log.execute(place("p", "n"))).outcome());
            assertEquals(
                    Outcome.NOT_APPENDED,
                    unavailable(log.execute(place("q", "m"))).outcome());
        }
        try (var log = new Held(settings).open()) {
            assertPlaced(0, answer(log.execute(place("p", "n"))));
        }
        assertEquals(1, events(read(settings, 0), place("p", "n")));
    }

    @Test
    void twentyCommandsBehindAHeldCommitShareTheNext() throws Exception {
        var settings = Broker.freshLog("group", 1);
        var parts = new Held(settings);
        try (var log = parts.open()) {
            answer(log.execute(create("c", "test")));
            var held = parts.held.hold();
            var first = log.execute(place("first", "first"));
            held.await(10, TimeUnit.SECONDS);
            long commits = log.statistics().commits();
            var all = new ArrayList<CompletableFuture<Reply>>();
            for (int i = 0; i < 20; i++) {
                all.add(log.execute(place("p" + i, "n" + i)));
            }
            Ledger.within(Ledger.SOON, "accepting all of them", () -> log.accepted() == log.committed() + 21);
            parts.held.release();
            answer(first);
            long sequence = log.committed();
            for (var reply : all) {
                assertTrue(answer(reply).position().sequence() >= sequence - 21);
            }
            Ledger.within(Ledger.SOON, "both commits", () -> log.statistics().commits() == commits + 2);
            assertEquals(20, log.statistics().lastBatch());
        }
    }

    @Test
    void anEventThatCannotBeNeverReachesTheLog() throws Exception {
        var settings = Broker.freshLog("impossible", 1);
        var parts = new Held(settings) {
            @Override
            LedgerHandlers handlers(EventStore store) {
                return new LedgerHandlers(store, format(), folds()) {
                    @Override
                    Decision<? extends DomainEvent, ?> decide(Object state, Command command) {
                        return command.header().id().value().equals("bug")
                                ? new Decision<>(List.of(new StreamPlaced(stream("n"), 7)), "placed twice")
                                : super.decide(state, command);
                    }
                };
            }
        };
        try (var log = parts.open()) {
            answer(log.execute(create("c", "test")));
            answer(log.execute(place("p", "n")));
            var bug = assertThrows(
                    ExecutionException.class,
                    () -> log.execute(place("bug", "n")).get(10, TimeUnit.SECONDS));
            assertTrue(bug.getCause().getMessage().contains("placed a second time"), bug.getCause()::toString);
            var after = answer(log.execute(place("q", "m")));
            assertEquals(new LogPosition(0, 3), after.position());
            assertEquals(new LogPosition(0, 3), log.confirm().get(10, TimeUnit.SECONDS));
        }
        assertEquals(
                List.of(0, 0), List.copyOf(fold(read(settings, 0)).placements().values()));
    }

    /// Answers without events do not wait.
    private static final class NoBarrier extends Held {
        NoBarrier(LogSettings settings) {
            super(settings);
        }

        @Override
        KafkaEventStorageEngine<Envelope> engine(Envelope.Hash last) {
            return new KafkaEventStorageEngine<>(format(), writer(), history(), last, failure -> {}) {
                @Override
                CompletableFuture<ConsistencyMarker> barrier() {
                    return CompletableFuture.completedFuture(ConsistencyMarker.ORIGIN);
                }
            };
        }
    }

    /// A refusal is thrown, so nothing is committed and nothing is waited for.
    private static final class ThrowsRefusals extends Held {
        ThrowsRefusals(LogSettings settings) {
            super(settings);
        }

        @Override
        LedgerHandlers handlers(EventStore store) {
            return new LedgerHandlers(store, format(), folds()) {
                @Override
                MessageStream.Single<CommandResultMessage> answer(Object value) {
                    if (value instanceof Cluster.Answer.Refused refused) {
                        throw new IllegalArgumentException(refused.why());
                    }
                    return super.answer(value);
                }
            };
        }
    }

    /// A commit whose answer is lost is taken for one that has not happened, and its batch is written again.
    private static final class RepeatsLostCommits extends Held {
        RepeatsLostCommits(LogSettings settings) {
            super(settings);
        }

        @Override
        HeldWriter writer(LogSettings settings) {
            return new HeldWriter(settings, partition(), index()) {
                @Override
                protected boolean stopsAfter(LogFailure failure, List<Append> batch, boolean committing) {
                    failAfter(null);
                    batch.forEach(this::append);
                    return false;
                }
            };
        }
    }
}
