package io.ledgerway.node.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.node.MemoryFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rule 19: what entries and notes of the journal mean for a state that does not show them, when they are written and
/// after a start.
class LayingTest extends OneEni {

    private static final IpAddress IP = new IpAddress("10.0.0.2");
    private static final SandboxId SANDBOX = request(A).sandbox();

    private void bind(Alone alone, AttachmentId attachment) throws Exception {
        alone.write((Alone.Chosen) alone.bind(request(attachment)));
    }

    private void write(Alone alone, JournalFact fact) throws Exception {
        alone.write(journal.begin(fact));
    }

    /// What the next run makes of the same journal, on an older state.
    private Addresses afterAStart(NodeState state) {
        var next = new Addresses(now::get);
        next.accept(state);
        new Alone(next, journal, () -> {}).layAll();
        return next;
    }

    private Optional<Endpoint> endpoint(AttachmentId attachment) {
        return addresses.endpoint(attachment);
    }

    @Test
    void podsAreGoneAndWhatLooksIdleRestsWhenABootBegins() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.3", IDLE, "10.0.0.2", IDLE)));
        bind(alone, A);

        alone.booted(new BootId("next"));

        assertEquals(Optional.empty(), endpoint(A));
        assertEquals(0, addresses.free(), "the boot before may have got it in its last moments");
        assertTrue(addresses.place(IP, ENI).isResting());
    }

    @Test
    void theSameHoldsWhereTheBootCannotBeWritten() throws Exception {
        var file = new MemoryFile();
        var alone = alone(file);
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        file.fail("No space left on device", 0, false);

        alone.booted(new BootId("next"));

        assertEquals(0, addresses.free());
    }

    @Test
    void endOfARestThatIsNotedTwiceTakesNothingFromThePodThatHasItByThen() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        bind(alone, A);

        write(alone, new JournalFact.Cooled(List.of(IP)));

        assertEquals(0, addresses.free());
    }

    @Test
    void whatIsReleasedIsNobodysBeforeTheKernelIsRidOfIt() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        bind(alone, A);

        alone.write(alone.release(A, SANDBOX, false).orElseThrow());

        assertEquals(0, addresses.free());
        assertFalse(addresses.place(IP, ENI).isResting());
    }

    @Test
    void podStaysAsItIsWhereAnotherSandboxIsReleasedOrAnAddIsGivenUp() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        bind(alone, A);
        var bound = endpoint(A);

        alone.write(alone.release(A, new SandboxId("another"), true).orElseThrow());
        assertEquals(bound, endpoint(A));
        alone.writeAbandoned(request(A), "no time", true);
        assertEquals(bound, endpoint(A));
    }

    @Test
    void whatWasGivenBackIsNotTheNextRunsEither() throws Exception {
        var alone = alone();
        var wished = state(1, ips("10.0.0.2", wished("w")));
        addresses.accept(wished);
        alone.write(alone.confirmWithdrawal().orElseThrow());

        assertEquals(0, afterAStart(wished).free());
    }

    @Test
    void whatWasNumberedLaterStandsWhicheverIsLaidFirst() {
        addresses.lay(IP, ENI, new Laid.Released(A, 3));

        addresses.lay(IP, ENI, new Laid.Cooling(2));

        assertEquals(Optional.of(new Laid.Released(A, 3)), addresses.place(IP, ENI).laid);
    }

    @Test
    void entryStandsUntilTheStateShowsThatVeryOne() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
        bind(alone, A);
        bind(alone, B);
        alone.drained(1, at(3));
        alone.drained(2, at(5));

        addresses.accept(state(3, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
        assertEquals(Optional.empty(), endpoint(A), "the log has undone it");
        assertInstanceOf(Endpoint.Allocated.class, endpoint(B).orElseThrow());
        assertEquals(1, addresses.free());

        addresses.accept(state(5, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
        assertEquals(2, addresses.free());
    }

    @Test
    void entryThatTheStateShowsAlreadyIsNotLaidOverIt() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        var chosen = (Alone.Chosen) alone.bind(request(A));
        journal.await(chosen.ticket());
        alone.drained(1, at(1));

        alone.write(chosen);

        assertEquals(Optional.empty(), endpoint(A), "the log has undone it");
    }

    @Test
    void whatTheLogMayHaveGivenRestsWhereItsPodIsReleasedAndIsFreeWhereItsAddIsGivenUp() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
        for (var attachment : List.of(A, B)) {
            addresses.propose(attachment);
            addresses.doubt(attachment, SANDBOX);
        }

        alone.write(alone.release(A, SANDBOX, true).orElseThrow());
        assertEquals(0, addresses.free());
        alone.writeAbandoned(request(B), "no time", true);

        assertEquals(Optional.of(of("10.0.0.3")), addresses.propose(C));
    }

    /// The numbers of the next journal begin at 1 again.
    @Test
    void whatWasWrittenBeforeTheJournalWasBegunAnewEndsWithTheLastThatTheLogHasOfIt() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE, "10.0.0.3", new Address.Arriving(ENI))));
        bind(alone, A);
        alone.drained(1, at(3));
        journal.hasLostEntries("the test says so");
        journal.beginAnew();
        alone.begunAnew();
        write(alone, new JournalFact.Bound(request(B), of("10.0.0.3")));

        addresses.accept(state(2, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
        assertInstanceOf(Endpoint.Allocated.class, endpoint(A).orElseThrow());
        assertEquals(0, addresses.free());
        addresses.accept(state(3, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));

        assertEquals(Optional.empty(), endpoint(A), "the log has undone it");
        assertInstanceOf(Endpoint.Allocated.class, endpoint(B).orElseThrow());
        assertEquals(1, addresses.free());
    }

    @Test
    void entryOfAJournalThatWasBegunAnewIsLaidThoughTheOneBeforeItHadMore() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        alone.begun();
        alone.drained(1, at(1));
        journal.hasLostEntries("the test says so");
        journal.beginAnew();
        alone.begunAnew();

        write(alone, new JournalFact.Bound(request(A), of("10.0.0.2")));

        assertInstanceOf(Endpoint.Allocated.class, endpoint(A).orElseThrow());
    }

    /// Both were noted, and the pod has come and gone in between by the log alone.
    @Test
    void addressThatWasAskedForAfterAnEntryIsNobodysToTheNextRun() throws Exception {
        var alone = alone();
        var idle = state(1, ips("10.0.0.2", IDLE));
        addresses.accept(idle);
        bind(alone, A);
        alone.note(of("10.0.0.2"));

        var next = afterAStart(idle);

        assertEquals(Optional.empty(), next.endpoint(A));
        assertEquals(0, next.free());
    }

    @Test
    void whatTheKernelHoldsIsBeingReleasedWhereADelWasWrittenAndNotCarriedOut() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        alone.write(alone.release(A, SANDBOX, false).orElseThrow());

        alone.foundInKernel(new Alone.InKernel(A, SANDBOX, List.of(IP)));

        assertInstanceOf(Endpoint.Releasing.class, endpoint(A).orElseThrow());
    }

    @Test
    void whatTheKernelHoldsForOneIsNotAnothersWhateverAnOldStateSays() throws Exception {
        var alone = alone();
        addresses.accept(state(
                1, ips("10.0.0.2", new Address.Bound(ENI, B)), new Endpoint.Allocated(request(B), of("10.0.0.2"))));

        alone.foundInKernel(new Alone.InKernel(A, SANDBOX, List.of(IP)));

        assertEquals(Optional.empty(), endpoint(B));
        assertInstanceOf(Endpoint.Allocated.class, endpoint(A).orElseThrow());
        alone.logIsHeard();
        assertEquals(Optional.empty(), endpoint(A), "the log says more");
        assertInstanceOf(Endpoint.Allocated.class, endpoint(B).orElseThrow());
    }
}
