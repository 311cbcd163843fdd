package io.ledgerway.node.calls;

import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.endpoint.EndpointException;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.KernelInventory;
import io.ledgerway.node.endpoint.Recovery;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What an executor does once after its start, when the state is current: the kernel is read, and only what
/// differs from the log is made again, so a healthy pod loses no packet.
///
/// An endpoint that is ready in the log is repaired. One that is allocated and complete in the kernel was answered, or
/// will be asked for again: it is reported as ready. One that is allocated and not in the kernel is left to the
/// runtime's next ADD or DEL.
final class Restart {

    private static final Logger LOG = System.getLogger(Restart.class.getName());

    private final Plumbing plumbing;
    private final NodeState state;
    private final Sandboxes sandboxes;
    private final Specs specs;
    private final Reports reports;
    private final Map<EndpointKey, EndpointSpec> desired = new LinkedHashMap<>();
    private final Map<EndpointKey, Endpoint> unreported = new LinkedHashMap<>();

    Restart(Plumbing plumbing, NodeState state, Sandboxes sandboxes, Specs specs, Reports reports) {
        this.plumbing = plumbing;
        this.state = state;
        this.sandboxes = sandboxes;
        this.specs = specs;
        this.reports = reports;
    }

    /// @throws EndpointException if the kernel could not be read or changed at all
    void repair() {
        sandboxes.keep(state.endpoints().values().stream()
                .map(endpoint -> endpoint.request().sandbox())
                .collect(Collectors.toSet()));
        var inKernel = new LinkedHashMap<EndpointKey, KernelInventory.Found>();
        plumbing.inventory().endpoints().forEach(found -> inKernel.put(found.key(), found));
        state.endpoints().values().forEach(endpoint -> consider(endpoint, inKernel));
        tell(plumbing.recover(desired.values()));
    }

    private void consider(Endpoint endpoint, Map<EndpointKey, KernelInventory.Found> inKernel) {
        var key = Specs.key(endpoint.request().attachment());
        switch (endpoint) {
            case Endpoint.Queued e -> {
                // Its ADD, or the next one, is served by the watch.
            }
            case Endpoint.Releasing e -> {
                // Taken down after this, in its turn.
            }
            case Endpoint.Ready e -> want(key, e.request(), e.allocation());
            case Endpoint.Allocated e -> {
                var found = Optional.ofNullable(inKernel.get(key));
                if (found.filter(f -> f.sandbox().equals(e.request().sandbox().value()))
                        .isPresent()) {
                    want(key, e.request(), e.allocation());
                    unreported.put(key, e);
                }
            }
        }
    }

    private void want(EndpointKey key, PodRequest request, Allocation allocation) {
        var built = sandboxes.spec(request.attachment());
        if (built.isPresent() && !built.get().sandbox().equals(request.sandbox().value())) {
            // A call since the start has moved it, and the state does not show that yet.
            return;
        }
        var netns = sandboxes.netns(request.sandbox());
        if (netns.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "{0} is not compared with the log: the namespace of its sandbox {1} is not known here",
                    request.attachment(),
                    request.sandbox());
            return;
        }
        try {
            var spec = specs.spec(state, request, allocation, netns.get());
            sandboxes.built(request.attachment(), spec);
            desired.put(key, spec);
        } catch (CallFailed e) {
            LOG.log(Level.WARNING, "{0} is not compared with the log: {1}", request.attachment(), e.getMessage());
        }
    }

    private void tell(Recovery recovery) {
        recovery.repaired()
                .forEach(repaired ->
                        LOG.log(Level.WARNING, "repaired {0}: {1}", repaired.key(), repaired.differences()));
        recovery.failed()
                .forEach(failed -> LOG.log(
                        Level.WARNING,
                        "{0} could not be repaired: {1}",
                        failed.key(),
                        failed.why().getMessage()));
        recovery.undesired().stream()
                .filter(found -> !isKnown(found))
                .forEach(found -> LOG.log(
                        Level.WARNING,
                        "{0} in sandbox {1} with {2} is in the kernel and not in the log; it is left alone",
                        found.key(),
                        found.sandbox(),
                        found.addresses()));
        recovery.swept().forEach(swept -> LOG.log(Level.INFO, "deleted a leftover of ours: {0}", swept));
        recovery.healthy().forEach(this::report);
        recovery.repaired().forEach(repaired -> report(repaired.key()));
        // One whose namespace is not known here cannot be compared; it is there all the same.
        recovery.undesired().forEach(found -> report(found.key()));
        LOG.log(
                Level.INFO,
                "compared the kernel with the log: {0} endpoints healthy, {1} repaired, {2} not repairable",
                recovery.healthy().size(),
                recovery.repaired().size(),
                recovery.failed().size());
    }

    private boolean isKnown(KernelInventory.Found found) {
        return state.endpoints().keySet().stream().map(Specs::key).anyMatch(key -> key.equals(found.key()));
    }

    private void report(EndpointKey key) {
        var endpoint = unreported.get(key);
        if (endpoint != null) {
            AttachmentId attachment = endpoint.request().attachment();
            reports.ready(attachment, endpoint.request().sandbox(), plumbing.linkName(key));
        }
    }
}
