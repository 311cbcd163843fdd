package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.PassingTime;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.controlplane.UnaskedControlPlane;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.journal.JournalFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What an ADD makes of each answer of the log, and of none. One thread, whose waiting takes no time; what the log
/// answers, and what comes while the ADD waits, is the test's.
@Timeout(30)
class AddingTest {

    private static final PodCall CALL = pod("a", "s1");
    private static final Unanswered SILENT = new Unanswered(Unanswered.Kind.AWAY, "silent");

    private interface Reply {
        Answering.AllocateAnswer now() throws Unanswered;
    }

    private final class Answering extends UnaskedControlPlane {
        @Override
        public AllocateAnswer allocate(Call call, PodRequest request, Optional<Allocation> candidate)
                throws Unanswered {
            asked++;
            return reply.now();
        }
    }

    private final PassingTime time = new PassingTime();
    private final Answering log = new Answering();
    private final Addresses addresses = new Addresses(time::nanoTime);
    private final Watched watched = new Watched(addresses, new Epochs(), time);
    private final Turns turns = new Turns(8, time);
    private Reply reply = () -> {
        throw SILENT;
    };
    private OfflinePolicy policy = OfflinePolicy.EVERY_POD;
    private int asked;
    private NodeState state;
    private Journal journal;
    private Line line;
    private Alone alone;
    private Reports reports;
    private Adding adding;

    @BeforeEach
    void open() throws IOException {
        journal = Journal.open(new MemoryFile(), TestLog.NODE, new BootId("boot"), time);
        journal.complete();
        line = new Line(journal, time);
        log.isFoundBy(line);
        alone = new Alone(addresses, journal, line::journalChanged);
        reports = new Reports(log, line, alone, Steps.NONE, time);
        var specs = new Specs(1500);
        adding = new Adding(
                new Log(line, time),
                line,
                log,
                addresses,
                alone,
                new BindingAlone(alone, watched, specs, request -> policy.objection(request), Steps.NONE),
                watched,
                reports,
                specs,
                Rig.LIMITS,
                Steps.NONE,
                time);
        state = TestLog.withIdleAddresses(3).state();
        watched.accept(StateChange.whole(state));
    }

    private EndpointSpec add() throws CallFailed, InterruptedException {
        return turns.add(
                CALL.attachment(),
                CALL.sandbox(),
                Rig.PATIENCE,
                add -> adding.obtain(CALL, add, time.nanoTime() + Rig.PATIENCE.toNanos()));
    }

    private String failure() {
        var failure = assertThrows(CallFailed.class, this::add);
        assertEquals(Reason.TRY_AGAIN, failure.reason());
        return failure.getMessage();
    }

    /// Another pod gets one by the journal.
    private Allocation bindAlone(String name) {
        try {
            var chosen = (Alone.Chosen) alone.bind(pod(name, "s-" + name).request());
            alone.write(chosen);
            return chosen.allocation();
        } catch (JournalFailed e) {
            throw new AssertionError(e);
        }
    }

    private void nothingIsFree() {
        for (int i = 0; addresses.free() > 0; i++) {
            bindAlone("filler-" + i);
        }
        isTold();
    }

    /// The log has all of the journal, and nothing of that shows in the state.
    private void isTold() {
        journal.drained(journal.mark().sequence());
        log.isFoundBy(line);
    }

    private void comesBack() {
        try {
            journal.append(new JournalFact.Cooled(List.of()));
        } catch (JournalFailed e) {
            throw new AssertionError(e);
        }
        isTold();
    }

    private Position at(int later) {
        var now = state.position().orElseThrow();
        return new Position(now.partition(), now.sequence() + later, now.epoch());
    }

    private Eni eni() {
        return state.enis().values().iterator().next();
    }

    private Answering.AllocateAnswer granted(String ip) {
        var allocation = new Allocation.SharedEni(eni().id(), List.of(new IpAddress(ip)));
        return new Answering.Granted(
                at(1),
                CALL.request(),
                allocation,
                eni(),
                state.vSwitches().values().iterator().next());
    }

    private long count(Class<? extends JournalFact> kind) {
        return journal.entries().stream()
                .filter(entry -> kind.isInstance(entry.fact()))
                .count();
    }

    private long abandoned() {
        return count(JournalFact.Abandoned.class);
    }

    /// The first of these ADDs does not ask the log, the second one does.
    private void assertToldAgain() {
        line.lost(SILENT);
        failure();
        assertEquals(1, abandoned());
        isTold();

        failure();

        assertEquals(1, asked);
        assertEquals(2, abandoned(), "the log may have queued it, and the journal has said nothing since");
    }

    @Test
    void thatAnAddWithoutAnAnswerIsGivenUpIsToldAlsoWhereOneBeforeItWasTold() {
        nothingIsFree();

        assertToldAgain();
    }

    @Test
    void theSameHoldsOfOneThatIsNotAnsweredAlone() {
        policy = request -> Optional.of("a fixed address may be meant for it");

        assertToldAgain();
    }

    @Test
    void addWithoutAnAnswerThatCanBindNothingAloneAsksAgainWhenTheLogIsBack() throws Exception {
        nothingIsFree();
        reply = () -> {
            reply = () -> granted("10.0.0.99");
            throw SILENT;
        };
        time.meanwhile(this::comesBack);

        var spec = add();

        assertEquals("10.0.0.99", spec.allocation().addresses().getFirst().getHostAddress());
        assertEquals(0, abandoned());
    }

    @Test
    void addWaitsOnceForTheLogToComeBack() {
        nothingIsFree();
        time.meanwhile(this::comesBack);

        failure();

        assertEquals(2, asked);
        assertEquals(Duration.ZERO, time.passed(), "it has come back once, and is not waited for again");
    }

    /// Rule 19: a state on disk may be older than that.
    @Test
    void addressThatTheLogHasGivenUnaskedIsNotedForTheNextRun() throws Exception {
        reply = () -> granted("10.0.0.99");

        add();

        var noted = journal.asked().stream().map(Journal.Asked::ip).toList();
        assertTrue(noted.contains(new IpAddress("10.0.0.99")), noted.toString());
    }

    /// Rule 17: the log gives it another one when it hears of that.
    @Test
    void queuedAddDoesNotGetWhatThisNodeHasGivenToAnotherMeanwhile() {
        reply = () -> new Answering.Queued(at(1), Optional.empty());
        time.meanwhile(() -> stateShows(1, new Endpoint.Allocated(CALL.request(), bindAlone("b"))));

        var why = failure();

        assertTrue(why.contains("waits for"), why);
    }

    /// The log was asked, the node went alone meanwhile, and the log gives what another pod has got by then.
    @Test
    void grantOfWhatThisNodeHasGivenToAnotherMeanwhileIsNotUsed() throws Exception {
        var others = new ArrayList<Allocation>();
        reply = () -> {
            others.add(bindAlone("other"));
            return granted(others.getFirst().addresses().getFirst().value());
        };

        var given = add().allocation().addresses();

        assertEquals(1, asked);
        assertEquals(2, count(JournalFact.Bound.class), "its own is told by the journal too");
        assertNotEquals(Specs.addresses(others.getFirst()), given);
    }

    @Test
    void addThatADelHasUndoneAsksForNothingMore() {
        reply = () -> {
            turns.abandon(CALL.attachment(), CALL.sandbox());
            return new Answering.CandidateRefused(at(0), "another has it");
        };

        var why = failure();

        assertTrue(why.contains("a DEL for the same sandbox has come"), why);
        assertEquals(1, asked);
    }

    /// Asked before that, a report that is repeated could end the new endpoint instead of the old one.
    @Test
    void addAsksForNothingBeforeTheLogHasHeardThatTheEndpointBeforeIsGone() {
        reports.expectRemoval(CALL.attachment(), CALL.sandbox());

        var why = failure();

        assertTrue(why.contains("the log has not heard yet"), why);
        assertEquals(0, asked);
        assertEquals(Rig.LIMITS.longestTakedownWait(), time.passed());
    }

    private void stateShows(int later, Endpoint endpoint) {
        var endpoints = new LinkedHashMap<>(state.endpoints());
        endpoints.put(CALL.attachment(), endpoint);
        watched.accept(StateChange.whole(new NodeState(
                Optional.of(at(later)),
                state.enis(),
                state.addresses(),
                endpoints,
                state.vSwitches(),
                state.target())));
    }

    @Test
    void queuedAddEndsWhenThePodIsInAnotherSandbox() {
        reply = () -> new Answering.Queued(at(1), Optional.empty());
        var other = CALL.request().inSandbox(new SandboxId("s2"));
        var allocation = new Allocation.SharedEni(eni().id(), List.of(new IpAddress("10.0.0.99")));
        time.meanwhile(() -> stateShows(1, new Endpoint.Allocated(other, allocation)));

        var why = failure();

        assertTrue(why.contains("the pod is in sandbox s2 by now"), why);
    }

    @Test
    void whatWasProposedForAPodThatIsRejectedIsFree() {
        int free = addresses.free();
        reply = () -> new Answering.Rejected(at(0), new Rejection(Rejection.Reason.NODE_FULL, "full"));

        var failure = assertThrows(CallFailed.class, this::add);

        assertEquals(Reason.NO_ADDRESS, failure.reason());
        assertEquals(free, addresses.free());
    }

    /// The state at hand may be from before the endpoint that is being released.
    @Test
    void podWhoseEndpointIsBeingReleasedIsAskedForAgainOnceTheStateShowsItsEnd() throws Exception {
        reply = () -> {
            reply = () -> {
                assertTrue(watched.state().covers(at(1)), "the end has not been seen");
                return granted("10.0.0.99");
            };
            return new Answering.Rejected(at(1), new Rejection(Rejection.Reason.BEING_RELEASED, "still there"));
        };
        time.meanwhile(() -> watched.accept(StateChange.whole(new NodeState(
                Optional.of(at(1)),
                state.enis(),
                state.addresses(),
                state.endpoints(),
                state.vSwitches(),
                state.target()))));

        add();

        assertEquals(2, asked);
    }

    @Test
    void addThatADelUndoesWhileItWaitsForTheLogIsNotTold() {
        nothingIsFree();
        time.meanwhile(() -> turns.abandon(CALL.attachment(), CALL.sandbox()));

        var why = failure();

        assertTrue(why.contains("a DEL for the same sandbox has come"), why);
        assertEquals(0, abandoned(), "the DEL tells it");
    }

    /// Rule 11: also where the log is back at once.
    @Test
    void addWithoutAnAnswerBindsItsCandidateAloneAndAsksNothingMore() throws Exception {
        line.follow(() -> {
            if (!line.isConnected()) {
                comesBack();
            }
        });

        add();

        assertEquals(1, asked);
        assertEquals(1, count(JournalFact.Bound.class));
    }

    /// Rule 15: the journal has nothing to tell that the log could have heard meanwhile, so it has lost it.
    @Test
    void addThatIsLateThoughTheJournalHasNoMoreShowsThatEntriesAreLost() {
        reply = () -> new Answering.Rejected(at(0), new Rejection(Rejection.Reason.LATE_COMMAND, "late"));

        failure();

        assertTrue(journal.isLossy());
    }
}
