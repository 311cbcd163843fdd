package io.ledgerway.server.axon;

import static io.ledgerway.server.axon.Ledger.caught;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.server.axon.TextEngine.Planting;
import io.ledgerway.server.axon.TextEngine.Writers;
import io.ledgerway.server.axon.TextFormat.Text;
import io.ledgerway.server.kafka.AppendFailed;
import io.ledgerway.server.kafka.Broker;
import io.ledgerway.server.kafka.KafkaTrouble;
import io.ledgerway.server.kafka.LogFailure;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.OffsetIndex;
import io.ledgerway.server.kafka.PartitionReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.junit.jupiter.api.Test;

/// The bare engine where Axon's suite does not look: between accept and commit, and after a failure. Each scenario is
/// run twice, on the engine as it is and on one with the bug that the scenario is there for.
class WhatTheSuiteMissesTest {

    private static final int RACERS = 32;
    private static final int RACES = 20;

    /// Conditions are checked against what is committed only.
    private static final Planting IN_FLIGHT_UNCHECKED = (format, writer, history, last) ->
            new KafkaEventStorageEngine<>(format, writer, history, last, failure -> {}) {
                @Override
                long conflictHorizon() {
                    return committed();
                }
            };

    /// Handlers read what is committed only.
    private static final Planting IN_FLIGHT_UNREAD = (format, writer, history, last) ->
            new KafkaEventStorageEngine<>(format, writer, history, last, failure -> {}) {
                @Override
                long sourcingHorizon() {
                    return committed();
                }
            };

    /// A failed commit fails its own batch, and the writer goes on with the next one.
    private static final Writers GOES_ON = (settings, partition, index) -> new HeldWriter(settings, partition, index) {
        @Override
        protected boolean stopsAfter(LogFailure failure, List<Append> batch, boolean committing) {
            failInstead(null);
            batch.forEach(append -> append.failed(new AppendFailed(failure, true)));
            return false;
        }
    };

    @Test
    void peersInABatchAreCheckedAgainstEachOther() throws Exception {
        peersInABatch(null);
        caught(() -> peersInABatch(IN_FLIGHT_UNCHECKED));
    }

    private void peersInABatch(Planting planted) throws Exception {
        try (var text = open("peers", planted)) {
            var held = text.writer.hold();
            var first = text.append(TextEngine.ifNothingSince(0, "x"), "first", "x");
            held.await(10, TimeUnit.SECONDS);
            var second = text.append(TextEngine.ifNothingSince(0, "x"), "second", "x");
            var stranger = text.append(TextEngine.ifNothingSince(0, "y"), "stranger", "y");
            assertRejected(second);
            assertFalse(first.isDone());
            text.writer.release();
            first.get(10, TimeUnit.SECONDS);
            stranger.get(10, TimeUnit.SECONDS);
            assertEquals(List.of("first", "@2"), text.sourced("x", 0));
        }
    }

    @Test
    void whatIsAcceptedIsSourcedAndNotStreamedBeforeItsCommit() throws Exception {
        betweenAcceptAndCommit(null);
        caught(() -> betweenAcceptAndCommit(IN_FLIGHT_UNREAD));
    }

    private void betweenAcceptAndCommit(Planting planted) throws Exception {
        try (var text = open("between", planted)) {
            text.appended("durable", "x");
            text.writer.hold();
            var open = text.append(AppendCondition.none(), "in flight", "x");
            assertEquals(List.of("durable", "in flight", "@2"), text.sourced("x", 0));
            assertEquals(List.of("in flight", "@2"), text.sourced("x", 1));
            assertEquals(1, text.engine.latestToken(null).get().position().orElseThrow());
            assertFalse(open.isDone());
            text.writer.release();
            open.get(10, TimeUnit.SECONDS);
            assertEquals(2, text.engine.latestToken(null).get().position().orElseThrow());
        }
    }

    @Test
    void aSuccessorFailsWithItsPredecessor() throws Exception {
        successorOfAFailure(HeldWriter::new);
        caught(() -> successorOfAFailure(GOES_ON));
    }

    private void successorOfAFailure(Writers writers) throws Exception {
        var settings = Broker.freshLog("successor", 1);
        try (var text = new TextEngine(settings, null, writers)) {
            var held = text.writer.hold();
            text.writer.failInstead(KafkaTrouble.timeout());
            var predecessor = text.append(AppendCondition.none(), "predecessor", "x");
            held.await(10, TimeUnit.SECONDS);
            var successor = text.append(TextEngine.ifNothingSince(1, "x"), "successor", "x");
            text.writer.release();
            assertFalse(failed(predecessor).outcomeKnown(), "a commit that failed may have happened");
            assertTrue(failed(successor).outcomeKnown(), "what was queued behind it was never sent");
            assertTrue(failed(text.append(AppendCondition.none(), "later", "x")).outcomeKnown());
        }
        try (var next = TextEngine.open(settings)) {
            assertEquals(List.of("@0"), next.sourced("x", 0));
            assertEquals(1, next.appended("anew", "x"));
        }
        assertEquals(List.of("anew"), read(settings));
    }

    @Test
    void ofManyRacersOneWins() throws Exception {
        race(null);
        caught(() -> race(IN_FLIGHT_UNCHECKED));
    }

    private void race(Planting planted) throws Exception {
        try (var text = open("race", planted)) {
            for (int race = 0; race < RACES; race++) {
                var stream = "race-" + race;
                var start = new CountDownLatch(1);
                var runs = new ArrayList<CompletableFuture<ConsistencyMarker>>();
                for (int racer = 0; racer < RACERS; racer++) {
                    var name = "racer-" + racer;
                    runs.add(CompletableFuture.supplyAsync(
                                    () -> {
                                        await(start);
                                        return text.append(TextEngine.ifNothingSince(0, stream), name, stream);
                                    },
                                    Thread::startVirtualThread)
                            .thenCompose(run -> run));
                }
                start.countDown();
                int winners = 0;
                for (var run : runs) {
                    winners +=
                            run.handle((marker, lost) -> lost == null ? 1 : 0).get(20, TimeUnit.SECONDS);
                }
                assertEquals(1, winners);
            }
        }
    }

    @Test
    void conditionsOlderThanTheMemoryAreAnsweredByReadingBack() throws Exception {
        try (var text = open("old", null)) {
            text.appended("both", "x", "y");
            CompletableFuture<ConsistencyMarker> last = null;
            for (int i = 0; i < History.TAIL + 500; i++) {
                last = text.append(AppendCondition.none(), "filler " + i, i % 2 == 0 ? "x" : "y");
            }
            last.get(20, TimeUnit.SECONDS);
            text.appended("one more", "z");
            assertRejected(text.append(TextEngine.ifNothingSince(0, "x", "y"), "refused", "x"));
            // Both tags occur later, but never on one event again.
            text.append(TextEngine.ifNothingSince(1, "x", "y"), "accepted", "q").get(10, TimeUnit.SECONDS);
            assertEquals("both", text.sourced("x", 0).getFirst());
            assertEquals(History.TAIL / 2 + 250 + 2, text.sourced("x", 0).size());
        }
    }

    @Test
    void markersFromBeforeATakeOverAreCheckedAfterIt() throws Exception {
        var settings = Broker.freshLog("markers", 1);
        try (var text = TextEngine.open(settings)) {
            text.appended("one", "x");
            text.appended("two", "x");
        }
        try (var text = TextEngine.open(settings)) {
            assertRejected(text.append(TextEngine.ifNothingSince(1, "x"), "late", "x"));
            text.append(TextEngine.ifNothingSince(2, "x"), "three", "x").get(10, TimeUnit.SECONDS);
        }
        assertEquals(List.of("one", "two", "three"), read(settings));
    }

    private static TextEngine open(String name, Planting planted) {
        return new TextEngine(Broker.freshLog(name, 1), planted, HeldWriter::new);
    }

    private static List<String> read(LogSettings settings) {
        var found = new ArrayList<String>();
        try (var reader = PartitionReader.fromStart(settings, 0, new TextFormat(), new OffsetIndex())) {
            reader.readToEnd((Text text) -> found.add(text.payload()));
        }
        return found;
    }

    private static void assertRejected(CompletableFuture<?> append) throws Exception {
        assertTrue(append.isDone(), "a conflict is found when the append is accepted, not later");
        assertInstanceOf(AppendEventsTransactionRejectedException.class, failure(append));
    }

    private static AppendFailed failed(CompletableFuture<?> append) throws Exception {
        return assertInstanceOf(AppendFailed.class, failure(append));
    }

    private static Throwable failure(CompletableFuture<?> append) throws Exception {
        try {
            throw new AssertionError("succeeded: " + append.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
