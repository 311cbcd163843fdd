package io.ledgerway.node.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.journal.JournalFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressesTest extends OneEni {

    @Test
    void oneAddressIsNeverProposedToTwo() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));

        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(A));
        assertEquals(Optional.empty(), addresses.propose(B));
    }

    @Test
    void longestIdleIsProposedFirst() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
        addresses.accept(state(2, ips("10.0.0.2", new Address.Bound(ENI, C), "10.0.0.3", IDLE)));
        addresses.accept(state(3, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));

        assertEquals(Optional.of(of("10.0.0.3")), addresses.propose(A));
    }

    @Test
    void onlyGrantedAddressesOfAttachedEnisAreProposed() {
        addresses.accept(state(1, new Eni.Detaching(new InstanceId("i-1")), ips("10.0.0.2", IDLE)));
        assertEquals(Optional.empty(), addresses.propose(A));

        addresses.accept(state(
                2,
                ips(
                        "10.0.0.2",
                        new Address.Withdrawn(ENI),
                        "10.0.0.3",
                        new Address.Cooling(ENI, Instant.EPOCH),
                        "10.0.0.4",
                        new Address.Arriving(ENI),
                        "fd00::2",
                        IDLE)));
        assertEquals(Optional.empty(), addresses.propose(A));
    }

    @Test
    void aRestThatShowsWhenTheLogIsHeardBeginsThen() {
        var ip = new IpAddress("10.0.0.2");
        addresses.accept(state(1, ips("10.0.0.2", new Address.Bound(ENI, A))));
        addresses.lay(ip, ENI, new Laid.Asked());
        addresses.accept(state(2, ips("10.0.0.2", new Address.Cooling(ENI, Instant.EPOCH))));
        now.set(9_000_000);

        addresses.logIsHeard();

        assertTrue(addresses.place(ip, ENI).isResting());
        assertEquals(9_000_000, addresses.place(ip, ENI).restingSince);
    }

    @Test
    void aRestThatGoesOnOnAnotherEniBeginsThere() {
        var ip = new IpAddress("10.0.0.2");
        addresses.accept(state(1, ips("10.0.0.2", new Address.Bound(ENI, A))));
        addresses.lay(ip, ENI, new Laid.Cooling(7));
        now.set(9_000_000);

        var there = addresses.place(ip, new EniId("eni-2"));

        assertTrue(there.isResting());
        assertEquals(9_000_000, there.restingSince);
    }

    @Test
    void addressThatIsWishedBackIsProposedLast() {
        addresses.accept(state(1, ips("10.0.0.2", new Address.Withdrawing(ENI, new WishId("w-1")), "10.0.0.3", IDLE)));

        assertEquals(Optional.of(of("10.0.0.3")), addresses.propose(A));
        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(B));
    }

    @Test
    void grantedAddressStaysClaimedUntilTheStateShowsIt() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        addresses.propose(A);

        addresses.granted(request(A), of("10.0.0.2"), at(5));
        addresses.accept(state(4, ips("10.0.0.2", IDLE)));
        assertEquals(Optional.empty(), addresses.propose(B));

        addresses.accept(state(5, ips("10.0.0.2", new Address.Bound(ENI, A))));
        addresses.accept(state(9, ips("10.0.0.2", IDLE)));
        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(B));
    }

    @Test
    void grantOfAnotherAddressGivesTheProposedOneBack() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
        addresses.propose(A);

        addresses.granted(request(A), of("10.0.0.3"), at(5));

        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(B));
        assertEquals(Optional.empty(), addresses.propose(C));
    }

    @Test
    void whatTheLogHasAnsweredCountsUntilTheStateShowsWhatHasBecomeOfIt() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        addresses.queued(request(A), Optional.empty(), at(3));
        assertInstanceOf(Endpoint.Queued.class, addresses.endpoint(A).orElseThrow());
        addresses.granted(request(B), of("10.0.0.2"), at(4));
        assertInstanceOf(Endpoint.Allocated.class, addresses.endpoint(B).orElseThrow());

        addresses.accept(state(3, ips("10.0.0.2", IDLE)));
        assertEquals(Optional.empty(), addresses.endpoint(A));
        assertInstanceOf(Endpoint.Allocated.class, addresses.endpoint(B).orElseThrow());
        addresses.accept(state(4, ips("10.0.0.2", IDLE)));

        assertEquals(Optional.empty(), addresses.endpoint(B));
    }

    @Test
    void refusedAddressIsNotProposedBeforeTheStateShowsWhy() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        addresses.propose(A);

        addresses.refused(A, at(5));
        assertEquals(Optional.empty(), addresses.propose(A));
        assertTrue(addresses.isWorthAsking());

        addresses.accept(state(5, ips("10.0.0.2", IDLE)));
        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(A));
    }

    @Test
    void unansweredProposalIsKeptForTheSameAttachment() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
        addresses.propose(A);
        addresses.doubt(A, new SandboxId("s"));

        assertEquals(Optional.of(of("10.0.0.3")), addresses.propose(B));
        assertEquals(Optional.empty(), addresses.propose(C));
        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(A));
    }

    @Test
    void doubtEndsWhenTheStateShowsTheEndpoint() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
        addresses.propose(A);
        addresses.doubt(A, new SandboxId("s"));

        var request = new PodRequest(A, new SandboxId("s"), "ns", "a", PodRequest.Dns.NONE);
        addresses.accept(state(
                2,
                ips("10.0.0.2", IDLE, "10.0.0.3", new Address.Bound(ENI, A)),
                new Endpoint.Allocated(request, of("10.0.0.3"))));

        assertEquals(0, addresses.doubtful());
        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(B));
    }

    @Test
    void doubtEndsWithTheTimeThatNoCallLasts() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        addresses.propose(A);
        addresses.doubt(A, new SandboxId("s"));

        now.addAndGet(Addresses.LONGEST_DOUBT.plus(Duration.ofNanos(1)).toNanos());

        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(B));
    }

    @Test
    void askingIsPointlessWhileAnotherAddHoldsTheLastOne() {
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        addresses.propose(A);
        assertFalse(addresses.isWorthAsking());

        addresses.granted(request(A), of("10.0.0.2"), at(2));
        assertTrue(addresses.isWorthAsking());
    }

    @Test
    void whatTheJournalSaidEndsWhenTheStateHasShownTheDrainBeforeItsAnswerIsHeard() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        alone.write((Alone.Chosen) alone.bind(request(A)));
        addresses.accept(state(5, ips("10.0.0.2", IDLE)));
        assertEquals(Optional.empty(), addresses.propose(B));

        alone.drained(1, at(5));

        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(B));
    }

    @Test
    void aReleaseStandsThoughReadinessWasNumberedWhileItWasOnItsWayToTheDisk() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        alone.write((Alone.Chosen) alone.bind(request(A)));
        var released = alone.release(A, new SandboxId("s"), false).orElseThrow();
        var ready = alone.ready(A, new SandboxId("s"), "veth").orElseThrow();

        alone.write(ready);
        alone.write(released);

        assertEquals(
                Optional.of(new Endpoint.Releasing(request(A), of("10.0.0.2"))),
                addresses.endpoint(A),
                "as it is after a start, when entries are laid in their order");
    }

    @Test
    void anotherSandboxStandsThoughReadinessOfTheOneBeforeWasNumberedWhileItWasOnItsWayToTheDisk() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        alone.write((Alone.Chosen) alone.bind(request(A)));
        var next = request(A).inSandbox(new SandboxId("next"));
        var moved = (Alone.Chosen) alone.bind(next);
        var ready = alone.ready(A, new SandboxId("s"), "veth").orElseThrow();

        alone.write(ready);
        alone.write(moved);

        assertEquals(Optional.of(new Endpoint.Allocated(next, of("10.0.0.2"))), addresses.endpoint(A));
    }

    /// A report of the sandbox before was written down while the log moved the pod to the next one, and the watch was
    /// faster than the answer.
    @Test
    void whatTheLogHasAnsweredCountsMoreThanAnEntryThatWasWrittenMeanwhile() throws Exception {
        var first = request(A);
        var second = first.inSandbox(new SandboxId("s-2"));
        var bound = ips("10.0.0.2", new Address.Bound(ENI, A));
        var alone = alone();
        addresses.accept(state(1, bound, new Endpoint.Allocated(first, of("10.0.0.2"))));

        alone.write(alone.ready(A, first.sandbox(), "lw1").orElseThrow());
        addresses.accept(state(2, bound, new Endpoint.Allocated(second, of("10.0.0.2"))));
        addresses.granted(second, of("10.0.0.2"), at(2));

        assertEquals(
                second.sandbox(), addresses.endpoint(A).orElseThrow().request().sandbox());
        assertTrue(alone.release(A, second.sandbox(), false).isPresent(), "its DEL is told");
    }

    @Test
    void whatIsBeingGivenBackIsNobodysFromItsNumberingOn() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", wished("w"))));

        assertTrue(alone.confirmWithdrawal().isPresent());

        assertEquals(Optional.empty(), addresses.propose(A));
        assertEquals(new Alone.NothingFree(), alone.bind(request(B)));
    }

    @Test
    void whatAnAddIsAboutToGetIsNotGivenBack() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", wished("w"))));
        addresses.propose(A);

        assertEquals(Optional.empty(), alone.confirmWithdrawal());
    }

    @Test
    void whatCouldNotBeGivenBackInWritingIsKept() throws Exception {
        var file = new MemoryFile();
        var alone = alone(file);
        addresses.accept(state(1, ips("10.0.0.2", wished("w"))));
        file.fail("No space left on device", 3, false);
        var ticket = alone.confirmWithdrawal().orElseThrow();
        assertThrows(JournalFailed.class, () -> alone.write(ticket));

        alone.keepUnconfirmed();

        assertEquals(Optional.of(of("10.0.0.2")), addresses.propose(A));
    }

    @Test
    void whatWasGivenBackInWritingStaysSoWhereTheNextOneCouldNotBe() throws Exception {
        var file = new MemoryFile();
        var alone = alone(file);
        addresses.accept(state(1, ips("10.0.0.2", wished("v"), "10.0.0.3", wished("w"))));
        alone.write(alone.confirmWithdrawal().orElseThrow());
        var second = alone.confirmWithdrawal().orElseThrow();
        file.fail("No space left on device", 0, false);
        assertThrows(JournalFailed.class, () -> alone.write(second));

        alone.keepUnconfirmed();

        assertEquals(1, addresses.free());
        assertEquals(Optional.of(of("10.0.0.3")), addresses.propose(A));
    }

    @Test
    void whatTheLogGaveToOnePodAndTheNodeToAnotherIsNotTheFirstOnes() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        alone.write((Alone.Chosen) alone.bind(request(B)));

        addresses.accept(state(
                2, ips("10.0.0.2", new Address.Bound(ENI, A)), new Endpoint.Allocated(request(A), of("10.0.0.2"))));

        assertFalse(addresses.holds(A, of("10.0.0.2")));
        assertTrue(addresses.holds(B, of("10.0.0.2")));
    }

    /// The log served A, which waited, while this node went alone and bound the address to B.
    @Test
    void whatTheNodeIsAboutToBindToAnotherIsNotTheFirstOnesEither() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        var chosen = (Alone.Chosen) alone.bind(request(B));

        addresses.accept(state(
                2, ips("10.0.0.2", new Address.Bound(ENI, A)), new Endpoint.Allocated(request(A), of("10.0.0.2"))));

        assertFalse(addresses.holds(A, of("10.0.0.2")));
        assertInstanceOf(Alone.NothingFree.class, alone.bind(request(A)), "alone, A gets no more than with the log");
        alone.write(chosen);
        assertFalse(addresses.holds(A, of("10.0.0.2")));
        assertInstanceOf(Alone.NothingFree.class, alone.bind(request(A)));
        assertInstanceOf(Alone.Same.class, alone.bind(request(B)));
    }

    @Test
    void whatIsDrainedStaysBoundUntilTheStateShowsIt() throws Exception {
        var alone = alone();
        addresses.accept(state(1, ips("10.0.0.2", IDLE)));
        alone.write((Alone.Chosen) alone.bind(request(A)));

        alone.drained(1, at(5));

        assertEquals(Optional.empty(), addresses.propose(B));
        assertTrue(addresses.isKnown(request(A), of("10.0.0.2")));
    }

    /// The log may have moved the pod to the sandbox whose ADD had no answer, so the DEL of that one is told.
    @Test
    void delOfASandboxThatTheLogWasAskedForIsToldThoughThePodIsKnownInAnother() throws Exception {
        var alone = alone();
        addresses.accept(state(
                1, ips("10.0.0.2", new Address.Bound(ENI, A)), new Endpoint.Allocated(request(A), of("10.0.0.2"))));
        assertTrue(alone.release(A, new SandboxId("s-2"), false).isPresent(), "the run before may have asked for it");
        alone.logIsHeard();
        assertEquals(Optional.empty(), alone.release(A, new SandboxId("s-2"), false));

        addresses.doubt(A, new SandboxId("s-2"));

        assertTrue(alone.release(A, new SandboxId("s-2"), false).isPresent());
    }
}
