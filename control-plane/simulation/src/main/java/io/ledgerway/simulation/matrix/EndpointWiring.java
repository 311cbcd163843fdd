package io.ledgerway.simulation.matrix;

import io.ledgerway.node.endpoint.Allocation;
import io.ledgerway.node.endpoint.Driver;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.Eni;
import io.ledgerway.node.endpoint.ExclusiveDriver;
import io.ledgerway.node.endpoint.HostStack;
import io.ledgerway.node.endpoint.VethDriver;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.simulation.vpc.Namespaces;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The executor's own driver, as an ADD uses it.
public final class EndpointWiring implements Wiring {

    private final String name;
    private final Function<HostStack, Driver> driver;
    private final Set<StandardProtocolFamily> families;
    private final boolean sharesEnis;
    private final Map<String, Endpoints> nodes = new LinkedHashMap<>();

    private EndpointWiring(
            Function<HostStack, Driver> driver, Set<StandardProtocolFamily> families, boolean sharesEnis) {
        this.name = driver.apply(HostStack.NONE).name();
        this.driver = driver;
        this.families = EnumSet.copyOf(families);
        this.sharesEnis = sharesEnis;
    }

    /// Pods behind a veth pair, with addresses of ENIs that they share.
    public static EndpointWiring veth(Set<StandardProtocolFamily> families) {
        return new EndpointWiring(hostStack -> new VethDriver(), families, true);
    }

    /// Pods with an ENI each.
    public static EndpointWiring exclusive(Set<StandardProtocolFamily> families) {
        return new EndpointWiring(ExclusiveDriver::new, families, false);
    }

    @Override
    public String name() {
        return name;
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
        nodes.computeIfAbsent(pod.node().name(), name -> executorOn(pod.node())).add(spec(pod));
    }

    private Endpoints executorOn(Station node) {
        var threads =
                new KernelThreads(NetNs.open(Namespaces.path(node.namespace()).toString()));
        var itsOwn = new HostStack(
                families.stream().sorted().map(node.addresses()::internet).toList(), List.of());
        var endpoints = new Endpoints(threads, driver.apply(itsOwn), new Nobody());
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
