package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.calls.PodCall;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulation.seeded.world.Host;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A request that waits is answered as soon as it is served, and ended by its DEL.
final class DelEndsTheQueue extends Rule {

    /// So long after the grant an ADD may still fail on its own deadline.
    private static final Duration TO_HEAR_OF_IT = Duration.ofSeconds(8);

    private final Map<SandboxId, Long> granted = new HashMap<>();

    DelEndsTheQueue() {
        super(10, "a queued request completes on the watch, and DEL cancels it");
    }

    @Override
    public void deleted(Host host, AttachmentId attachment, SandboxId sandbox) {
        var endpoint = world().log().node(host.name()).endpoint(attachment);
        if (endpoint.filter(e -> e.request().sandbox().equals(sandbox)).isPresent()) {
            meet();
            // The journal may tell the DEL, or that the pod goes on in another sandbox, which ends the wait as well.
            require(
                    !(endpoint.get() instanceof Endpoint.Queued)
                            || world().told().isOver(host, attachment, sandbox),
                    () -> "the DEL of " + sandbox + " was answered, and the log has " + endpoint.get());
        }
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (event instanceof NodeEvent.IpAllocated e
                && before.endpoint(e.request().attachment()).orElse(null) instanceof Endpoint.Queued) {
            meet();
            granted.put(e.request().sandbox(), world().scheduler().now());
        }
    }

    @Override
    public void refused(Host host, PodCall call, String why) {
        var since = granted.get(call.sandbox());
        if (since != null && world().isHealthySince(since) && why.contains("it waits for")) {
            var waited = Duration.ofNanos(world().scheduler().now() - since);
            require(
                    waited.compareTo(TO_HEAR_OF_IT) < 0,
                    () -> call + " was served " + waited + " ago and failed: " + why);
        }
    }
}
