package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.node.calls.PodCall;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.simulation.seeded.world.Host;
import java.util.List;
import java.util.Optional;

/// When an ADD is answered, its pod has that address in what survives the loss of every process.
final class AnsweredAddIsKnown extends Rule {

    AnsweredAddIsKnown() {
        super(25, "no answered ADD is unknown to both the log and a synced journal");
    }

    @Override
    public void added(Host host, PodCall call, EndpointResult result) {
        meet();
        var given = world().log().node(host.name()).endpoint(call.attachment()).flatMap(AnsweredAddIsKnown::allocation);
        var addresses = result.addresses().stream()
                .map(address -> address.getHostAddress())
                .toList();
        require(
                given.filter(allocation -> isThis(allocation, addresses)).isPresent()
                        || isJournalled(host, call, addresses),
                () -> call + " on " + host + " was answered with " + addresses + ", the log has " + given);
    }

    private static boolean isThis(Allocation allocation, List<String> addresses) {
        return allocation.addresses().stream().map(Object::toString).toList().equals(addresses);
    }

    private static boolean isJournalled(Host host, PodCall call, List<String> addresses) {
        return host.synced().stream()
                .anyMatch(entry -> entry.fact() instanceof JournalFact.Bound bound
                        && bound.request().attachment().equals(call.attachment())
                        && bound.request().sandbox().equals(call.sandbox())
                        && isThis(bound.allocation(), addresses));
    }

    private static Optional<Allocation> allocation(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Queued e -> Optional.empty();
            case Endpoint.Allocated e -> Optional.of(e.allocation());
            case Endpoint.Ready e -> Optional.of(e.allocation());
            case Endpoint.Releasing e -> Optional.of(e.allocation());
        };
    }
}
