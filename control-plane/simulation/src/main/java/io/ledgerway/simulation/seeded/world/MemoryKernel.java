package io.ledgerway.simulation.seeded.world;

import io.ledgerway.node.calls.Plumbing;
import io.ledgerway.node.endpoint.Difference;
import io.ledgerway.node.endpoint.EndpointException;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Endpoints.Removal;
import io.ledgerway.node.endpoint.KernelInventory;
import io.ledgerway.node.endpoint.Recovery;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.simulation.seeded.schedule.Process;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One executor's hands on the kernel of its machine: what it makes stays when it dies, and each call may
/// be the last.
final class MemoryKernel implements Plumbing {

    private static final Duration WORK = Duration.ofMillis(1);
    private static final Duration DELETION = Duration.ofMillis(20);
    private static final Duration LONGEST_REMOVAL = Duration.ofSeconds(10);
    private static final InetAddress GATEWAY = InetAddress.ofLiteral("169.254.1.1");
    private static final MacAddress NODE_MAC = MacAddress.locallyAdministered(1);
    private static final MacAddress POD_MAC = MacAddress.locallyAdministered(2);

    private final Links links;
    private final Network network;
    private final Process executor;
    private final EndpointListener listener;
    private final Set<EndpointKey> removals = new HashSet<>();

    MemoryKernel(Links links, Network network, Process executor, EndpointListener listener) {
        this.links = links;
        this.network = network;
        this.executor = executor;
        this.listener = listener;
    }

    @Override
    public String linkName(EndpointKey key) {
        return "lw" + key.podUid();
    }

    @Override
    public EndpointResult add(EndpointSpec spec) {
        executor.pass(WORK);
        for (var waited = Duration.ZERO; removals.contains(spec.key()); waited = waited.plus(DELETION)) {
            if (waited.compareTo(LONGEST_REMOVAL) > 0) {
                throw new EndpointException(
                        EndpointException.Reason.BUSY, "the earlier link of " + spec.key() + " is not deleted", null);
            }
            executor.pass(DELETION);
        }
        links.put(spec);
        executor.pass(WORK);
        return describe(spec);
    }

    @Override
    public EndpointResult describe(EndpointSpec spec) {
        return new EndpointResult(
                linkName(spec.key()),
                NODE_MAC,
                spec.key().interfaceName(),
                POD_MAC,
                spec.netns(),
                spec.allocation().addresses(),
                GATEWAY,
                spec.mtu());
    }

    @Override
    public List<Difference> check(EndpointSpec spec) {
        executor.pass(WORK);
        return links.isHealthy(spec) ? List.of() : List.of(new Difference("endpoint " + spec.key(), "differs"));
    }

    @Override
    public Removal remove(EndpointKey key, String sandbox, Collection<InetAddress> addresses) {
        executor.pass(WORK);
        var link = links.get(key);
        if (link == null) {
            listener.gone(key, sandbox);
            return Removal.NOTHING_LEFT;
        }
        if (!link.sandbox().equals(sandbox)) {
            return Removal.OTHER_SANDBOX;
        }
        links.markRemoved(link);
        if (removals.add(key)) {
            executor.start("deletion", () -> delete(link, sandbox));
        }
        return Removal.UNDER_WAY;
    }

    private void delete(Links.Link link, String sandbox) {
        executor.pass(DELETION);
        links.delete(link);
        try {
            listener.gone(link.key(), sandbox);
        } finally {
            removals.remove(link.key());
        }
    }

    @Override
    public KernelInventory inventory() {
        executor.pass(WORK);
        return new KernelInventory(found(), List.of(), List.of(), List.of());
    }

    private List<KernelInventory.Found> found() {
        if (network.has(Bug.KERNEL_IS_NOT_READ)) {
            return List.of();
        }
        return links.living().stream()
                .map(link -> new KernelInventory.Found(link.key(), link.sandbox(), null, link.addresses()))
                .toList();
    }

    @Override
    public Recovery recover(Collection<EndpointSpec> desired) {
        executor.pass(WORK);
        var swept = links.sweep();
        var healthy = new ArrayList<EndpointKey>();
        var repaired = new ArrayList<Recovery.Repaired>();
        Map<EndpointKey, EndpointSpec> wanted = new LinkedHashMap<>();
        for (var spec : desired) {
            wanted.put(spec.key(), spec);
            if (links.isHealthy(spec)) {
                healthy.add(spec.key());
            } else {
                links.put(spec);
                repaired.add(new Recovery.Repaired(spec.key(), List.of(new Difference(spec.key() + "", "differs"))));
                executor.pass(WORK);
            }
        }
        var undesired =
                found().stream().filter(f -> !wanted.containsKey(f.key())).toList();
        return new Recovery(healthy, repaired, List.of(), undesired, swept);
    }
}
