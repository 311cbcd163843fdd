package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.PodRequest;
import java.util.List;
import java.util.Optional;

/// Lays entries of the journal over the state: the same when they are written and after a start.
final class Laying {

    private final Addresses addresses;

    Laying(Addresses addresses) {
        this.addresses = addresses;
    }

    void lay(Journalled entry) {
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
    void booted(long sequence) {
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
        addresses.overlay().answered(attachment);
        know(attachment, Optional.of(new Endpoint.Allocated(fact.request(), fact.allocation())), sequence);
        layOn(fact.allocation(), new Laid.Bound(attachment, sequence));
        addresses.placesOf(fact.allocation().addresses()).forEach(place -> place.isBeingBound = false);
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
                        endpoint.request(), Endpoint.allocation(endpoint).orElseThrow()))
                .or(() -> doubtful(attachment, fact.sandbox()));
        addresses.release(attachment);
        addresses.overlay().released(attachment, fact.sandbox());
        boolean isInAnother = addresses
                .endpoint(attachment)
                .filter(endpoint -> !endpoint.request().sandbox().equals(fact.sandbox()))
                .isPresent();
        if (isInAnother) {
            // The log may have heard of this sandbox; what is here stays as it is.
            return;
        }
        know(attachment, releasing.map(Endpoint.class::cast), sequence);
        releasing.ifPresent(each -> layOn(each.allocation(), new Laid.Released(attachment, sequence)));
    }

    /// What the log may have granted rests like what it has granted.
    private Optional<Endpoint.Releasing> doubtful(AttachmentId attachment, SandboxId sandbox) {
        for (var place : addresses.places()) {
            if (place.isCandidateOf(attachment)) {
                var request = new PodRequest(attachment, sandbox, "", "", PodRequest.Dns.NONE);
                return Optional.of(new Endpoint.Releasing(request, addresses.allocation(place)));
            }
        }
        return Optional.empty();
    }

    private void removed(JournalFact.Removed fact, long sequence) {
        var held = held(fact.attachment(), fact.sandbox());
        if (held.isPresent() || addresses.endpoint(fact.attachment()).isEmpty()) {
            know(fact.attachment(), Optional.empty(), sequence);
        }
        held.flatMap(Endpoint::allocation).ifPresent(allocation -> layOn(allocation, new Laid.Cooling(sequence)));
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
        if (addresses.endpoint(attachment).flatMap(Endpoint::allocation).isEmpty()) {
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
                .filter(endpoint -> Endpoint.allocation(endpoint).isPresent());
    }

    private void know(AttachmentId attachment, Optional<Endpoint> endpoint, long sequence) {
        addresses.overlay().written(attachment, endpoint, sequence);
    }

    void layOn(Allocation allocation, Laid laid) {
        allocation.addresses().forEach(ip -> addresses.lay(ip, allocation.eni(), laid));
    }
}
