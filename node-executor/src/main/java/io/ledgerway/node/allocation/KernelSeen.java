package io.ledgerway.node.allocation;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.PodRequest;
import java.util.Optional;

/// What the kernel was seen to hold, over a state that does not show it. Used under the lock of the addresses.
final class KernelSeen {

    private final Addresses addresses;
    private final Laying laying;

    KernelSeen(Addresses addresses, Laying laying) {
        this.addresses = addresses;
        this.laying = laying;
    }

    /// After a start: until the log is heard.
    void found(Alone.InKernel found) {
        var attachment = found.attachment();
        var sandbox = found.sandbox();
        var held = found.addresses();
        var known = addresses.endpoint(attachment);
        var places = addresses.placesOf(held);
        if (isKnown(found) || places.isEmpty() || places.size() != held.size()) {
            return;
        }
        var request = known.map(endpoint -> endpoint.request().inSandbox(sandbox))
                .orElseGet(() -> new PodRequest(attachment, sandbox, "", "", PodRequest.Dns.NONE));
        var allocation = addresses.state().allocation(places.getFirst().eni, held);
        held.forEach(this::nobodyHas);
        // A DEL that was written and not carried out is carried out.
        Endpoint endpoint = addresses.overlay().wasReleased(attachment, sandbox)
                ? new Endpoint.Releasing(request, allocation)
                : new Endpoint.Allocated(request, allocation);
        addresses.overlay().found(attachment, Optional.of(endpoint));
        laying.layOn(allocation, new Laid.InKernel(attachment, Optional.empty()));
    }

    private boolean isKnown(Alone.InKernel found) {
        return addresses
                .endpoint(found.attachment())
                .filter(endpoint -> endpoint.request().sandbox().equals(found.sandbox()))
                .flatMap(Endpoint::allocation)
                .filter(allocation -> allocation.addresses().equals(found.addresses()))
                .isPresent();
    }

    /// The log has adopted it, or has called it unexplained: until the state covers that position. What it knew
    /// already, and may be releasing, stays as it is.
    void adopted(Alone.InKernel found, Position at) {
        var places = addresses.placesOf(found.addresses());
        boolean isJournals = places.stream()
                .anyMatch(place -> place.laid
                        .filter(laid -> laid.sequence() != Long.MAX_VALUE)
                        .isPresent());
        if (isKnown(found)
                || places.isEmpty()
                || places.size() != found.addresses().size()
                || isJournals) {
            return;
        }
        var request = new PodRequest(found.attachment(), found.sandbox(), "", "", PodRequest.Dns.NONE);
        var allocation = addresses.state().allocation(places.getFirst().eni, found.addresses());
        addresses.overlay().answered(found.attachment(), Optional.of(new Endpoint.Allocated(request, allocation)), at);
        laying.layOn(allocation, new Laid.InKernel(found.attachment(), Optional.of(at)));
    }

    void nobodyHas(IpAddress ip) {
        for (var endpoint : addresses.view().endpoints().values()) {
            if (Endpoint.allocation(endpoint)
                    .filter(held -> held.addresses().contains(ip))
                    .isPresent()) {
                addresses.overlay().found(endpoint.request().attachment(), Optional.empty());
            }
        }
    }
}
