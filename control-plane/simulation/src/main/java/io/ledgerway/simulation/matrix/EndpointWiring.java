package io.ledgerway.simulation.matrix;

import io.ledgerway.node.endpoint.Allocation;
import io.ledgerway.node.endpoint.Driver;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.Eni;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.simulation.vpc.Namespaces;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The executor's own driver, as an ADD uses it.
public final class EndpointWiring implements Wiring {

    private final Driver driver;
    private final Set<StandardProtocolFamily> families;
    private final boolean sharesEnis;
    private final Map<String, Endpoints> nodes = new LinkedHashMap<>();

    public EndpointWiring(Driver driver, Set<StandardProtocolFamily> families, boolean sharesEnis) {
        this.driver = driver;
        this.families = EnumSet.copyOf(families);
        this.sharesEnis = sharesEnis;
    }

    @Override
    public String name() {
        return driver.name();
    }

    @Override
    public Set<StandardProtocolFamily> families() {
        return EnumSet.copyOf(families);
    }

    @Override
    public boolean sharesEnis() {
        return sharesEnis;
    }

    @Override
    public void connect(PodPlace pod) {
        nodes.computeIfAbsent(pod.node(), this::executorOn).add(spec(pod));
    }

    private Endpoints executorOn(String node) {
        var threads = new KernelThreads(NetNs.open(Namespaces.path(node).toString()));
        var endpoints = new Endpoints(threads, driver, new Nobody());
        endpoints.prepareNode();
        return endpoints;
    }

    private EndpointSpec spec(PodPlace pod) {
        var nic = pod.eni();
        var eni = new Eni(
                nic.id(),
                MacAddress.of(nic.mac().value()),
                nic.index(),
                nic.gateways().stream()
                        .map(gateway -> InetAddress.ofLiteral(gateway.value()))
                        .toList(),
                Optional.of(InetAddress.ofLiteral(nic.primary().value())));
        var addresses = pod.addresses().stream()
                .map(address -> InetAddress.ofLiteral(address.value()))
                .toList();
        return new EndpointSpec(
                new EndpointKey(pod.name(), "eth0"),
                "sandbox-of-" + pod.name(),
                Namespaces.path(pod.namespace()).toString(),
                sharesEnis ? new Allocation.SharedEni(eni, addresses) : new Allocation.WholeEni(eni, addresses),
                pod.mtu());
    }

    @Override
    public void close() {
        nodes.values().forEach(Endpoints::close);
    }

    /// Nothing is removed here, so there is nothing to hear.
    private static final class Nobody implements EndpointListener {

        @Override
        public void gone(EndpointKey key, String sandbox) {
            throw new IllegalStateException(key + " was removed");
        }

        @Override
        public void stuck(EndpointKey key, String sandbox, RuntimeException cause) {
            throw cause;
        }
    }
}
