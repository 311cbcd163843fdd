package io.ledgerway.node.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.node.MemoryFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the node writes down of what it does without the log, and what it does not.
class AloneTest extends OneEni {

    @Test
    void addressesOfTwoWishesAreGivenBackUnderEachItsOwn() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", wished("v"), "10.0.0.3", wished("w"))));

        var first = alone.confirmWithdrawal().orElseThrow().entry().fact();
        var second = alone.confirmWithdrawal().orElseThrow().entry().fact();

        assertEquals(new JournalFact.WithdrawalConfirmed(new WishId("v"), List.of(new IpAddress("10.0.0.2"))), first);
        assertEquals(new JournalFact.WithdrawalConfirmed(new WishId("w"), List.of(new IpAddress("10.0.0.3"))), second);
        assertEquals(Optional.empty(), alone.confirmWithdrawal());
    }

    @Test
    void addThatIsGivenUpAgainIsToldAgainOnlyIfTheLogWasAskedInBetween() throws Exception {
        var alone = alone();
        alone.logIsHeard();

        assertTrue(alone.writeAbandoned(request(A), "no address", false));
        assertFalse(alone.writeAbandoned(request(A), "no address", false));
        assertTrue(alone.writeAbandoned(request(A), "no address", true), "the log may have queued it");
    }

    @Test
    void readinessOfAnotherSandboxOrOfWhatIsReleasedIsNotToldByTheJournal() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        alone.write((Alone.Chosen) alone.bind(request(A)));

        assertEquals(Optional.empty(), alone.ready(A, new SandboxId("another"), "lw1"));
        alone.write(alone.release(A, new SandboxId("s"), false).orElseThrow());
        assertEquals(Optional.empty(), alone.ready(A, new SandboxId("s"), "lw1"));
    }

    /// Rule 20: the log may go away between its answer and the state that shows what it has adopted.
    @Test
    void whatTheLogHasAdoptedIsNobodyElsesBeforeTheStateShowsIt() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));

        alone.nowKnowsAll(
                List.of(new Alone.InKernel(A, new SandboxId("s"), List.of(new IpAddress("10.0.0.2")))),
                at(4),
                journal.id());
        addresses.accept(state(3, ips("10.0.0.2", IDLE)));

        assertEquals(Optional.empty(), addresses.propose(B));
        assertEquals(
                Optional.of(of("10.0.0.2")),
                addresses.endpoint(A).flatMap(Endpoint::allocation),
                "its DEL is no error");
        addresses.accept(state(4, ips("10.0.0.2", IDLE)));
        assertEquals(1, addresses.free());
    }

    /// Taken for alive, it would never be taken down.
    @Test
    void whatTheLogIsReleasingIsNoPodThatItHasAdopted() throws Exception {
        var alone = alone();
        var releasing = new Endpoint.Releasing(request(A), of("10.0.0.2"));
        addresses.accept(state(1, ips("10.0.0.2", new Address.Bound(ENI, A)), releasing));

        alone.nowKnowsAll(
                List.of(new Alone.InKernel(A, new SandboxId("s"), List.of(new IpAddress("10.0.0.2")))),
                at(4),
                journal.id());

        assertEquals(Optional.of(releasing), addresses.endpoint(A));
    }

    /// Rule 20: another loss was found while the log was comparing.
    @Test
    void comparisonUnderAJournalThatIsOverDoesNotCountForTheOneAfterIt() throws Exception {
        var alone = alone();
        var before = journal.id();
        journal.hasLostEntries("another loss");
        journal.beginAnew();
        alone.begunAnew();

        alone.nowKnowsAll(List.of(), at(4), before);
        assertFalse(alone.knowsAll());

        alone.nowKnowsAll(List.of(), at(5), journal.id());
        assertTrue(alone.knowsAll());
    }

    /// Rule 19: a state is saved while the journal writes where the pod went on, and that says more than that the log
    /// was asked.
    @Test
    void podThatTheJournalHasInAnotherSandboxIsKnownAfterARestartThoughAStateFromBeforeItsGrantWasSaved()
            throws Exception {
        var file = new MemoryFile();
        var alone = alone(file);
        var old = state(1, ips("10.0.0.2", IDLE));
        addresses.accept(old);
        alone.note(of("10.0.0.2"));
        addresses.granted(request(A), of("10.0.0.2"), at(4));
        var next = request(A).inSandbox(new SandboxId("next"));

        var chosen = (Alone.Chosen) alone.bind(next);
        var saving = new Saving(addresses, journal);
        saving.saved(saving.shown());
        alone.write(chosen);
        saving.saved(saving.shown());

        var restarted = new Addresses(now::get);
        restarted.accept(old);
        new Alone(restarted, open(file), () -> {}).layAll();
        assertEquals(Optional.of(next), restarted.endpoint(A).map(Endpoint::request));
        assertEquals(0, restarted.free());
    }

    /// A DEL before the comparison may have ended what nobody else knew.
    @Test
    void whatWasHeldBackRestsFromTheComparisonOn() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        addresses.holdBack();
        now.set(5);

        alone.nowKnowsAll(List.of(), at(4), journal.id());

        var held = addresses.placesOf(List.of(new IpAddress("10.0.0.2"))).getFirst();
        assertTrue(held.isResting());
        assertEquals(5, held.restingSince);
    }

    /// Rule 9: the log may go away between its answer and the state that shows what rests from the comparison on.
    @Test
    void whatAStateFromBeforeTheComparisonCallsIdleIsNobodysUntilTheStateShowsIt() throws Exception {
        var alone = alone();
        addresses.accept(state(3, ips("10.0.0.2", IDLE)));

        alone.nowKnowsAll(List.of(), at(4), journal.id());

        assertTrue(alone.knowsAll());
        assertInstanceOf(Alone.NothingFree.class, alone.bind(request(B)));
        addresses.accept(state(4, ips("10.0.0.2", IDLE)));
        assertEquals(1, addresses.free());
    }

    /// Rule 9: a run starts on an old state and saves it again, hears that the pod is gone, and ends before it saves
    /// more. Its kernel was all that told of the address.
    @Test
    void whatOnlyTheKernelToldOfIsNotFreeForTheNextRunThatStartsOnTheSameState() throws Exception {
        var file = new MemoryFile();
        var old = state(1, ips("10.0.0.2", IDLE));
        var first = alone(file);
        addresses.accept(old);
        first.note(of("10.0.0.2"));
        first.foundInKernel(new Alone.InKernel(A, new SandboxId("s"), List.of(new IpAddress("10.0.0.2"))));
        var saving = new Saving(addresses, journal);
        saving.saved(saving.shown());

        var next = new Addresses(now::get);
        next.accept(old);
        alone(file);
        new Alone(next, journal, () -> {}).layAll();

        assertEquals(0, next.free());
        assertEquals(Optional.empty(), next.propose(B));
    }

    /// The same, and its end is journalled before the state is saved again: the entry names the pod, and not the
    /// address.
    @Test
    void whatTheKernelToldOfIsNotFreeForTheNextRunThoughTheJournalHasItsEnd() throws Exception {
        var file = new MemoryFile();
        var old = state(1, ips("10.0.0.2", IDLE));
        var sandbox = new SandboxId("s");
        var first = alone(file);
        addresses.accept(old);
        first.foundInKernel(new Alone.InKernel(A, sandbox, List.of(new IpAddress("10.0.0.2"))));
        first.write(first.release(A, sandbox, false).orElseThrow());
        var saving = new Saving(addresses, journal);
        saving.saved(saving.shown());
        first.write(first.removed(A, sandbox));
        saving.saved(saving.shown());

        var next = new Addresses(now::get);
        next.accept(old);
        new Alone(next, open(file), () -> {}).layAll();

        assertEquals(0, next.free());
    }
}
