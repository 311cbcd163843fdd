package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.journal.JournalFailed;
import io.ledgerway.node.journal.Ticket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the node decides without the log. Each decision claims and numbers under the lock of [Addresses], is written
/// outside it ([#write]), and counts from then on.
public final class Alone {

    private final Addresses addresses;
    private final Journal journal;
    private final Laying laying;
    private final KernelSeen kernel;
    private int comparisons;
    private final Runnable onWritten;

    /// @param onWritten called after each entry, which the log is to hear of; be brief
    public Alone(Addresses addresses, Journal journal, Runnable onWritten) {
        this.addresses = addresses;
        this.journal = journal;
        this.laying = new Laying(addresses);
        this.kernel = new KernelSeen(addresses, laying);
        this.onWritten = onWritten;
    }

    /// What an ADD comes to.
    public sealed interface Bind {}

    /// The sandbox has this already, and nothing is to be written.
    public record Same(PodRequest request, Allocation allocation) implements Bind {}

    /// @param wasDoubtful whether the log was asked for it and did not answer
    public record Chosen(Ticket ticket, PodRequest request, Allocation allocation, boolean wasDoubtful)
            implements Bind {}

    /// The endpoint before is still being taken down.
    public record BeingReleased() implements Bind {}

    public record NothingFree() implements Bind {}

    /// Rules 3, 5 and 11: the same sandbox gets the same, another sandbox of the pod its address, and a pod that has
    /// none the candidate that the log was asked for, or the one that has been free longest.
    public Bind bind(PodRequest request) throws JournalFailed {
        synchronized (addresses) {
            // The log may have given a waiting pod what this node has bound to another one meanwhile.
            var known = addresses
                    .endpoint(request.attachment())
                    .filter(endpoint -> Endpoint.allocation(endpoint)
                            .filter(held -> addresses.isAnothers(request.attachment(), held))
                            .isEmpty());
            return switch (known.orElse(null)) {
                case null -> choose(request);
                case Endpoint.Queued e -> choose(request);
                case Endpoint.Allocated e -> again(request, e, e.allocation());
                case Endpoint.Ready e -> again(request, e, e.allocation());
                case Endpoint.Releasing e -> new BeingReleased();
            };
        }
    }

    private Bind again(PodRequest request, Endpoint known, Allocation allocation) throws JournalFailed {
        return known.request().sandbox().equals(request.sandbox())
                ? new Same(known.request(), allocation)
                : new Chosen(beginBinding(request, allocation), request, allocation, false);
    }

    private Bind choose(PodRequest request) throws JournalFailed {
        boolean wasDoubtful = false;
        for (var place : addresses.places()) {
            wasDoubtful |= place.isCandidateOf(request.attachment());
        }
        var place = addresses.claimBest(request.attachment());
        if (place.isEmpty()) {
            return new NothingFree();
        }
        var allocation = addresses.allocation(place.get());
        try {
            return new Chosen(beginBinding(request, allocation), request, allocation, wasDoubtful);
        } catch (JournalFailed e) {
            giveBack(request.attachment(), wasDoubtful);
            throw e;
        }
    }

    private Ticket beginBinding(PodRequest request, Allocation allocation) throws JournalFailed {
        var ticket = begin(new JournalFact.Bound(request, allocation));
        addresses.placesOf(allocation.addresses()).forEach(place -> place.isBeingBound = true);
        return ticket;
    }

    /// Writes a choice, so that the pod has it; or undoes it.
    public void write(Chosen chosen) throws JournalFailed {
        try {
            write(chosen.ticket());
        } catch (JournalFailed e) {
            notBound(chosen.allocation());
            giveBack(chosen.request().attachment(), chosen.wasDoubtful());
            throw e;
        }
    }

    /// What was saved meanwhile has left it to the entry.
    private void notBound(Allocation allocation) {
        synchronized (addresses) {
            addresses.placesOf(allocation.addresses()).forEach(place -> place.isBeingBound = false);
        }
        note(allocation);
    }

    private void giveBack(AttachmentId attachment, boolean wasDoubtful) {
        if (wasDoubtful) {
            addresses.doubt(attachment);
        } else {
            addresses.release(attachment);
        }
    }

    /// On return the entry is on disk, and laid over the state.
    public void write(Ticket ticket) throws JournalFailed {
        journal.await(ticket);
        laying.lay(ticket.entry());
        onWritten.run();
    }

    /// A DEL. Nothing if another sandbox holds the attachment and this one is not in doubt, or if this was said
    /// already. What is not known here is written all the same: the log may have queued it, or may still hear of
    /// it.
    ///
    /// @param isAsked whether the log was asked and did not answer: an entry makes what comes late harmless
    public Optional<Ticket> release(AttachmentId attachment, SandboxId sandbox, boolean isAsked) throws JournalFailed {
        synchronized (addresses) {
            var known = addresses.endpoint(attachment);
            boolean isOther =
                    known.isPresent() && !known.get().request().sandbox().equals(sandbox);
            boolean isUnder = !isOther && known.orElse(null) instanceof Endpoint.Releasing;
            boolean isSettled = isUnder || (isOther && !addresses.isInDoubt(attachment, sandbox));
            return isAsked || !isSettled
                    ? Optional.of(begin(new JournalFact.Released(attachment, sandbox)))
                    : Optional.empty();
        }
    }

    /// The kernel holds nothing of it any more.
    public Ticket removed(AttachmentId attachment, SandboxId sandbox) throws JournalFailed {
        synchronized (addresses) {
            return begin(new JournalFact.Removed(attachment, sandbox));
        }
    }

    /// Nothing if it is not what the node knows of the attachment any more.
    public Optional<Ticket> ready(AttachmentId attachment, SandboxId sandbox, String hostInterface)
            throws JournalFailed {
        synchronized (addresses) {
            return addresses.endpoint(attachment).orElse(null) instanceof Endpoint.Allocated allocated
                            && allocated.request().sandbox().equals(sandbox)
                    ? Optional.of(begin(new JournalFact.Ready(attachment, sandbox, hostInterface)))
                    : Optional.empty();
        }
    }

    /// Everything that the boot before had is gone. It is laid over the state even if it cannot be written: then the
    /// journal writes it before the next entry.
    public void booted(BootId boot) {
        try {
            write(journal.begin(new JournalFact.Booted(boot)));
        } catch (JournalFailed e) {
            synchronized (addresses) {
                laying.booted(journal.mark().sequence() + 1);
            }
        }
    }

    /// An entry that says nothing: what the run before has sent and the log hears late is told by its older mark.
    public void begun() throws JournalFailed {
        write(journal.begin(new JournalFact.Cooled(List.of())));
    }

    /// An ADD was given up. Nothing is written if the journal says so of an earlier one and the log was not asked
    /// since: a runtime repeats an ADD for as long as an outage lasts (rule 13).
    ///
    /// @param isAsked whether the log may know the request
    /// @return whether there is a new entry
    public boolean writeAbandoned(PodRequest request, String why, boolean isAsked) throws JournalFailed {
        Ticket ticket;
        synchronized (addresses) {
            if (!isAsked && addresses.overlay().isAbandoned(request.attachment())) {
                return false;
            }
            ticket = begin(new JournalFact.Abandoned(request, why));
        }
        write(ticket);
        return true;
    }

    /// Rule 7: addresses that the log wishes back and that no pod has or is about to get are given back, those of one
    /// wish. The claim is there from the numbering on, so no pod gets one that is being given back.
    public Optional<Ticket> confirmWithdrawal() throws JournalFailed {
        synchronized (addresses) {
            var given = new ArrayList<Place>();
            Optional<WishId> wish = Optional.empty();
            for (var place : addresses.places()) {
                if (place.claim.isEmpty()
                        && place.isWished()
                        && place.inLog.orElseThrow() instanceof Address.Withdrawing withdrawing
                        && (wish.isEmpty() || wish.equals(Optional.of(withdrawing.wish())))) {
                    wish = Optional.of(withdrawing.wish());
                    given.add(place);
                }
            }
            return wish.isEmpty() ? Optional.empty() : Optional.of(confirm(wish.get(), given));
        }
    }

    /// Whether the log wishes back anything that no pod has.
    public boolean isWished() {
        synchronized (addresses) {
            for (var place : addresses.places()) {
                if (place.claim.isEmpty() && place.isWished()) {
                    return true;
                }
            }
            return false;
        }
    }

    private Ticket confirm(WishId wish, List<Place> given) throws JournalFailed {
        var ips = given.stream().map(place -> place.ip).toList();
        var ticket = begin(new JournalFact.WithdrawalConfirmed(wish, ips));
        given.forEach(place ->
                place.laid = Optional.of(new Laid.Withdrawn(wish, ticket.entry().sequence())));
        return ticket;
    }

    /// A confirmation could not be written: what is not in the journal is the node's still.
    public void keepUnconfirmed() {
        synchronized (addresses) {
            long written = journal.mark().sequence();
            for (var place : addresses.places()) {
                if (place.laid.orElse(null) instanceof Laid.Withdrawn withdrawn && withdrawn.sequence() > written) {
                    place.laid = Optional.empty();
                }
            }
        }
    }

    /// Whether the log and this node together know everything of it.
    public boolean knowsAll() {
        return journal.isComplete();
    }

    /// Whether the journal is to be begun anew before anything is compared.
    public boolean hasLostEntries() {
        return journal.isLossy();
    }

    /// An endpoint that the kernel has, and the addresses that it uses.
    public record InKernel(AttachmentId attachment, SandboxId sandbox, List<IpAddress> addresses) {}

    /// The log has compared what it knows with the kernel, at that position. A state from before it does not show what
    /// the log has adopted.
    ///
    /// @param under the journal that the comparison named; one that has been begun since needs its own
    public void nowKnowsAll(List<InKernel> present, Position at, JournalId under) {
        synchronized (addresses) {
            if (!journal.id().equals(under)) {
                return;
            }
            comparisons++;
            addresses.lossIsHeard(at);
            if (!addresses.state().covers(at)) {
                present.forEach(found -> kernel.adopted(found, at));
            }
        }
        journal.compared(under);
    }

    /// How often this run has told the log of the kernel.
    public int comparisons() {
        synchronized (addresses) {
            return comparisons;
        }
    }

    /// Rule 9: what has rested for the pool's cool-down, by the monotonic clock, may be bound again.
    public Optional<Ticket> cooled() throws JournalFailed {
        synchronized (addresses) {
            var coolDown = addresses.state().target().map(target -> target.coolDown());
            if (coolDown.isEmpty()) {
                return Optional.empty();
            }
            var rested = new ArrayList<IpAddress>();
            for (var place : addresses.places()) {
                if (hasRested(place, coolDown.get())) {
                    rested.add(place.ip);
                }
            }
            return rested.isEmpty() ? Optional.empty() : Optional.of(begin(new JournalFact.Cooled(rested)));
        }
    }

    private boolean hasRested(Place place, Duration coolDown) {
        return place.isResting() && addresses.nanoTime() - place.restingSince >= coolDown.toNanos();
    }

    private Ticket begin(JournalFact fact) throws JournalFailed {
        return journal.begin(fact);
    }

    /// Rule 19: lays what is on disk over the state, after a start.
    public void layAll() {
        var asked = new ArrayDeque<>(journal.asked());
        for (var entry : journal.entries()) {
            while (!asked.isEmpty() && asked.getFirst().after() < entry.sequence()) {
                wasAsked(asked.removeFirst().ip());
            }
            laying.lay(entry);
        }
        asked.forEach(each -> wasAsked(each.ip()));
    }

    /// Whatever the state says of it is old.
    private void wasAsked(IpAddress ip) {
        synchronized (addresses) {
            for (var place : addresses.placesOf(List.of(ip))) {
                kernel.nobodyHas(ip);
                place.laid = Optional.of(new Laid.Asked());
            }
        }
    }

    /// What the kernel holds after a start, and a state that may be old does not show: nobody else gets its addresses
    /// before the log is heard.
    public void foundInKernel(InKernel found) {
        synchronized (addresses) {
            kernel.found(found);
        }
    }

    /// The state is the log's own word now; of what a journal has lost the log knows nothing yet.
    public void logIsHeard() {
        if (!journal.isLossy()) {
            addresses.logIsHeard();
        }
    }

    /// The log has the journal up to this entry, at this position.
    public void drained(long through, Position at) {
        synchronized (addresses) {
            addresses.coverage().drained(through, at);
            // The state may have shown it before this was heard, and need not change again.
            addresses.accept(addresses.state());
        }
        journal.drained(through);
    }

    /// Whether the state shows all entries that the log is known to have.
    public boolean isShown() {
        synchronized (addresses) {
            return addresses.coverage().isShown(addresses.state());
        }
    }

    /// Another journal was begun: its numbers begin at 1 again.
    public void begunAnew() {
        synchronized (addresses) {
            addresses.holdBack();
            addresses.coverage().begunAnew();
            addresses.overlay().renumber();
            for (var place : addresses.places()) {
                place.laid = place.laid.map(laid -> laid.numbered(0));
            }
        }
    }

    /// Before the log is asked for an address, and before one is used that it gave unasked.
    public void note(Allocation allocation) {
        journal.noteAsked(allocation.addresses());
    }
}
