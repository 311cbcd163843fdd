package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.journal.JournalFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the node decides without the log. Each decision claims and numbers under the lock of [Addresses], is written
/// outside it ([#write]), and counts from then on.
public final class Alone {

    private final Addresses addresses;
    private final Journal journal;
    private final Runnable onWritten;

    /// @param onWritten called after each entry, which the log is to hear of; be brief
    public Alone(Addresses addresses, Journal journal, Runnable onWritten) {
        this.addresses = addresses;
        this.journal = journal;
        this.onWritten = onWritten;
    }

    /// What an ADD comes to.
    public sealed interface Bind {}

    /// The sandbox has this already, and nothing is to be written.
    public record Same(PodRequest request, Allocation allocation) implements Bind {}

    /// @param wasDoubtful whether the log was asked for it and did not answer
    public record Chosen(Journal.Ticket ticket, PodRequest request, Allocation allocation, boolean wasDoubtful)
            implements Bind {}

    /// The endpoint before is still being taken down.
    public record BeingReleased() implements Bind {}

    public record NothingFree() implements Bind {}

    /// Rules 3, 5 and 11: the same sandbox gets the same, another sandbox of the pod its address, and a pod that has
    /// none the candidate that the log was asked for, or the one that has been free longest.
    public Bind bind(PodRequest request) throws JournalFailed {
        synchronized (addresses) {
            var known = addresses.endpoint(request.attachment());
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
                : new Chosen(begin(new JournalFact.Bound(request, allocation)), request, allocation, false);
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
        var allocation = place.get().asAllocation();
        try {
            return new Chosen(begin(new JournalFact.Bound(request, allocation)), request, allocation, wasDoubtful);
        } catch (JournalFailed e) {
            giveBack(request.attachment(), wasDoubtful);
            throw e;
        }
    }

    /// Writes a choice, so that the pod has it; or undoes it.
    public void write(Chosen chosen) throws JournalFailed {
        try {
            write(chosen.ticket());
        } catch (JournalFailed e) {
            giveBack(chosen.request().attachment(), chosen.wasDoubtful());
            throw e;
        }
    }

    private void giveBack(AttachmentId attachment, boolean wasDoubtful) {
        if (wasDoubtful) {
            addresses.doubt(attachment);
        } else {
            addresses.release(attachment);
        }
    }

    /// On return the entry is on disk, and laid over the state.
    public void write(Journal.Ticket ticket) throws JournalFailed {
        journal.await(ticket);
        lay(ticket.entry());
        onWritten.run();
    }

    /// A DEL. Nothing if it is another sandbox that holds the attachment, or if this was said already. What is not
    /// known
    /// here is written all the same: the log may have queued it, or may still hear of it, and nobody says it again.
    public Optional<Journal.Ticket> release(AttachmentId attachment, SandboxId sandbox) throws JournalFailed {
        synchronized (addresses) {
            var known = addresses.endpoint(attachment);
            boolean isOther =
                    known.isPresent() && !known.get().request().sandbox().equals(sandbox);
            boolean isUnder = known.orElse(null) instanceof Endpoint.Releasing;
            return isOther || isUnder
                    ? Optional.empty()
                    : Optional.of(begin(new JournalFact.Released(attachment, sandbox)));
        }
    }

    /// The kernel holds nothing of it any more.
    public Journal.Ticket removed(AttachmentId attachment, SandboxId sandbox) throws JournalFailed {
        synchronized (addresses) {
            return begin(new JournalFact.Removed(attachment, sandbox));
        }
    }

    /// Nothing if it is not what the node knows of the attachment any more.
    public Optional<Journal.Ticket> ready(AttachmentId attachment, SandboxId sandbox, String hostInterface)
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
                booted(journal.mark().sequence() + 1);
            }
        }
    }

    /// An entry that says nothing: what the run before has sent and the log hears late is told by its older mark.
    public void begun() throws JournalFailed {
        write(journal.begin(new JournalFact.Cooled(List.of())));
    }

    public Journal.Ticket abandoned(PodRequest request, String why) throws JournalFailed {
        synchronized (addresses) {
            return begin(new JournalFact.Abandoned(request, why));
        }
    }

    /// Rule 7: addresses that the log wishes back and that no pod has or is about to get are given back, those of one
    /// wish. The claim is there from the numbering on, so no pod gets one that is being given back.
    public Optional<Journal.Ticket> confirmWithdrawal() throws JournalFailed {
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

    private Journal.Ticket confirm(WishId wish, List<Place> given) throws JournalFailed {
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

    /// The log has compared what it knows with the kernel.
    public void nowKnowsAll() throws IOException {
        journal.complete();
    }

    /// Rule 9: what has rested for the pool's cool-down, by the monotonic clock, may be bound again.
    public Optional<Journal.Ticket> cooled() throws JournalFailed {
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

    private Journal.Ticket begin(JournalFact fact) throws JournalFailed {
        return journal.begin(fact);
    }

    /// Rule 19: lays what is on disk over the state, after a start.
    public void layAll() {
        journal.entries().forEach(this::lay);
    }

    private void lay(Journalled entry) {
        synchronized (addresses) {
            long sequence = entry.sequence();
            if (sequence <= addresses.coverage().seenBy(addresses.state())) {
                return;
            }
            switch (entry.fact()) {
                case JournalFact.Booted fact -> booted(sequence);
                case JournalFact.Bound fact -> bound(fact, sequence);
                case JournalFact.Ready fact -> ready(fact, sequence);
                case JournalFact.Released fact -> released(fact, sequence);
                case JournalFact.Removed fact -> removed(fact, sequence);
                case JournalFact.Cooled fact -> cooled(fact, sequence);
                case JournalFact.Abandoned fact -> abandoned(fact, sequence);
                case JournalFact.WithdrawalConfirmed fact -> withdrawn(fact, sequence);
            }
        }
    }

    /// Rule 2: what the boot before had is gone. What looks idle rests as well: the log may have granted it in the last
    /// moments of that boot, and the state on disk does not show it.
    private void booted(long sequence) {
        addresses.view().endpoints().keySet().forEach(attachment -> know(attachment, Optional.empty(), sequence));
        for (var place : addresses.places()) {
            if (place.isHeld() || place.isFree()) {
                addresses.lay(place.ip, place.eni, new Laid.Cooling(sequence));
            }
        }
    }

    private void bound(JournalFact.Bound fact, long sequence) {
        var attachment = fact.request().attachment();
        addresses.release(attachment);
        know(attachment, Optional.of(new Endpoint.Allocated(fact.request(), fact.allocation())), sequence);
        layOn(fact.allocation(), new Laid.Bound(attachment, sequence));
    }

    private void ready(JournalFact.Ready fact, long sequence) {
        if (addresses.endpoint(fact.attachment()).orElse(null) instanceof Endpoint.Allocated allocated
                && allocated.request().sandbox().equals(fact.sandbox())) {
            var ready = new Endpoint.Ready(allocated.request(), allocated.allocation(), fact.hostInterface());
            know(fact.attachment(), Optional.of(ready), sequence);
        }
    }

    private void released(JournalFact.Released fact, long sequence) {
        var attachment = fact.attachment();
        var releasing = held(attachment, fact.sandbox())
                .map(endpoint -> new Endpoint.Releasing(
                        endpoint.request(), Addresses.allocation(endpoint).orElseThrow()))
                .or(() -> doubtful(attachment, fact.sandbox()));
        addresses.release(attachment);
        know(attachment, releasing.map(Endpoint.class::cast), sequence);
        releasing.ifPresent(each -> layOn(each.allocation(), new Laid.Released(attachment, sequence)));
    }

    /// What the log may have granted rests like what it has granted.
    private Optional<Endpoint.Releasing> doubtful(AttachmentId attachment, SandboxId sandbox) {
        for (var place : addresses.places()) {
            if (place.isCandidateOf(attachment)) {
                var request = new PodRequest(attachment, sandbox, "", "", PodRequest.Dns.NONE);
                return Optional.of(new Endpoint.Releasing(request, place.asAllocation()));
            }
        }
        return Optional.empty();
    }

    private void removed(JournalFact.Removed fact, long sequence) {
        var held = held(fact.attachment(), fact.sandbox());
        if (held.isPresent() || addresses.endpoint(fact.attachment()).isEmpty()) {
            know(fact.attachment(), Optional.empty(), sequence);
        }
        held.flatMap(Addresses::allocation).ifPresent(allocation -> layOn(allocation, new Laid.Cooling(sequence)));
    }

    private void cooled(JournalFact.Cooled fact, long sequence) {
        for (var place : List.copyOf(addresses.placesOf(fact.addresses()))) {
            // Two may have noted the end of one rest, and a pod may have it by now.
            if (place.isResting()) {
                addresses.lay(place.ip, place.eni, new Laid.Rested(sequence));
            }
        }
    }

    private void abandoned(JournalFact.Abandoned fact, long sequence) {
        var attachment = fact.request().attachment();
        // Whatever the log has given to it meanwhile ends with this entry, so nothing of it is in doubt.
        addresses.release(attachment);
        if (addresses.endpoint(attachment).flatMap(Addresses::allocation).isEmpty()) {
            addresses.overlay().abandoned(attachment, sequence);
        }
    }

    private void withdrawn(JournalFact.WithdrawalConfirmed fact, long sequence) {
        for (var place : addresses.placesOf(fact.addresses())) {
            addresses.lay(place.ip, place.eni, new Laid.Withdrawn(fact.wish(), sequence));
        }
    }

    private Optional<Endpoint> held(AttachmentId attachment, SandboxId sandbox) {
        return addresses
                .endpoint(attachment)
                .filter(endpoint -> endpoint.request().sandbox().equals(sandbox))
                .filter(endpoint -> Addresses.allocation(endpoint).isPresent());
    }

    private void know(AttachmentId attachment, Optional<Endpoint> endpoint, long sequence) {
        addresses.overlay().written(attachment, endpoint, sequence);
    }

    private void layOn(Allocation allocation, Laid laid) {
        allocation.addresses().forEach(ip -> addresses.lay(ip, allocation.eni(), laid));
    }

    /// What the kernel holds after a start, and a state that may be old does not show: nobody else gets its addresses
    /// before the log is heard.
    public void foundInKernel(AttachmentId attachment, SandboxId sandbox, List<IpAddress> held) {
        synchronized (addresses) {
            var known = addresses.endpoint(attachment);
            var places = addresses.placesOf(held);
            boolean isSame = known.filter(
                            endpoint -> endpoint.request().sandbox().equals(sandbox))
                    .flatMap(Addresses::allocation)
                    .filter(allocation -> allocation.addresses().equals(held))
                    .isPresent();
            if (isSame || places.isEmpty() || places.size() != held.size()) {
                return;
            }
            var request = known.map(endpoint -> endpoint.request().inSandbox(sandbox))
                    .orElseGet(() -> new PodRequest(attachment, sandbox, "", "", PodRequest.Dns.NONE));
            var allocation = new Allocation.SharedEni(places.getFirst().eni, held);
            addresses.overlay().found(attachment, new Endpoint.Allocated(request, allocation));
            layOn(allocation, new Laid.InKernel(attachment));
        }
    }

    /// The state is the log's own word now.
    public void logIsHeard() {
        synchronized (addresses) {
            addresses.overlay().logIsHeard();
            for (var place : addresses.places()) {
                place.laid = place.laid.filter(laid -> !(laid instanceof Laid.InKernel));
            }
        }
    }

    /// The log has the journal up to this entry, at this position.
    public void drained(long through, Position at) {
        synchronized (addresses) {
            addresses.coverage().drained(through, at);
        }
        journal.drained(through);
    }

    /// Another journal was begun: its numbers begin at 1 again.
    public void begunAnew() {
        synchronized (addresses) {
            addresses.coverage().begunAnew();
            addresses.overlay().renumber();
            for (var place : addresses.places()) {
                place.laid = place.laid.map(laid -> laid.numbered(0));
            }
        }
    }

    /// The state, and up to which entry it shows the journal.
    public record Shown(NodeState state, long through) {}

    public Shown shown() {
        synchronized (addresses) {
            return new Shown(addresses.state(), addresses.coverage().seenBy(addresses.state()));
        }
    }
}
