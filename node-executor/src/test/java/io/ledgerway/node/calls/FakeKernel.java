package io.ledgerway.node.calls;

import io.ledgerway.node.endpoint.Difference;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Endpoints.Removal;
import io.ledgerway.node.endpoint.KernelInventory;
import io.ledgerway.node.endpoint.Recovery;
import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/// A kernel that holds links by name, and complains when two of them have one address.
final class FakeKernel implements Plumbing {

    private final EndpointListener listener;
    private final Executor deletions;
    private final Map<EndpointKey, EndpointSpec> links = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Runnable beforeEach;
    private Runnable beforeAnswering = () -> {};
    private boolean held;
    private boolean recovered;
    private List<InetAddress> unrouted = List.of();

    /// @param before whose links there are
    /// @param beforeEach called before each change and each look
    FakeKernel(EndpointListener listener, Executor deletions, Optional<FakeKernel> before, Runnable beforeEach) {
        this.beforeEach = beforeEach;
        before.ifPresent(kernel -> links.putAll(kernel.links()));
        this.listener = listener;
        this.deletions = deletions;
    }

    @Override
    public String linkName(EndpointKey key) {
        return "lw" + Integer.toHexString(key.hashCode());
    }

    @Override
    public synchronized EndpointResult add(EndpointSpec spec) {
        beforeEach.run();
        links.forEach((key, other) -> {
            if (!key.equals(spec.key())
                    && other.allocation()
                            .addresses()
                            .contains(spec.allocation().addresses().getFirst())) {
                violations.add(spec.key() + " gets the address of " + other);
            }
        });
        links.put(spec.key(), spec);
        beforeAnswering.run();
        return describe(spec);
    }

    synchronized boolean isRecovered() {
        return recovered;
    }

    /// What happens after an endpoint is made and before anybody is told.
    synchronized void beforeAnswering(Runnable what) {
        beforeAnswering = what;
    }

    @Override
    public EndpointResult describe(EndpointSpec spec) {
        return new EndpointResult(
                linkName(spec.key()),
                MacAddress.locallyAdministered(1),
                spec.key().interfaceName(),
                MacAddress.locallyAdministered(2),
                spec.netns(),
                spec.allocation().addresses(),
                InetAddress.ofLiteral("169.254.1.1"),
                spec.mtu());
    }

    @Override
    public synchronized List<Difference> check(EndpointSpec spec) {
        return spec.equals(links.get(spec.key()))
                ? List.of()
                : List.of(new Difference("endpoint " + spec, String.valueOf(links.get(spec.key()))));
    }

    @Override
    public Removal remove(EndpointKey key, String sandbox, Collection<InetAddress> addresses) {
        beforeEach.run();
        synchronized (this) {
            var link = links.get(key);
            unrouted = List.copyOf(addresses);
            if (link != null && !link.sandbox().equals(sandbox)) {
                return Removal.OTHER_SANDBOX;
            }
            if (link != null) {
                deletions.execute(() -> {
                    awaitDeletionsGo();
                    synchronized (this) {
                        links.remove(key, link);
                    }
                    listener.gone(key, sandbox);
                });
                return Removal.UNDER_WAY;
            }
        }
        listener.gone(key, sandbox);
        return Removal.NOTHING_LEFT;
    }

    @Override
    public synchronized KernelInventory inventory() {
        beforeEach.run();
        return new KernelInventory(found(), List.of(), List.of(), List.of());
    }

    private List<KernelInventory.Found> found() {
        return links.values().stream()
                .map(spec -> new KernelInventory.Found(
                        spec.key(), spec.sandbox(), null, spec.allocation().addresses()))
                .toList();
    }

    @Override
    public synchronized Recovery recover(Collection<EndpointSpec> desired) {
        beforeEach.run();
        recovered = true;
        var healthy = new ArrayList<EndpointKey>();
        var repaired = new ArrayList<Recovery.Repaired>();
        for (var spec : desired) {
            if (spec.equals(links.put(spec.key(), spec))) {
                healthy.add(spec.key());
            } else {
                repaired.add(new Recovery.Repaired(spec.key(), List.of(new Difference(spec.toString(), "missing"))));
            }
        }
        var keys = desired.stream().map(EndpointSpec::key).toList();
        var undesired =
                found().stream().filter(each -> !keys.contains(each.key())).toList();
        return new Recovery(healthy, repaired, List.of(), undesired, List.of());
    }

    synchronized Map<EndpointKey, EndpointSpec> links() {
        return new LinkedHashMap<>(links);
    }

    /// Links stay from now on, as when the kernel is slow.
    synchronized void holdDeletions() {
        held = true;
    }

    synchronized void letDeletionsGo() {
        held = false;
        notifyAll();
    }

    private synchronized void awaitDeletionsGo() {
        try {
            while (held) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What a careless administrator does.
    synchronized void breakLink(EndpointKey key) {
        links.remove(key);
    }

    /// The addresses whose routes and rules the last removal was to end.
    synchronized List<InetAddress> unrouted() {
        return unrouted;
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
