package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What has to be so once faults are over: every pod is served, and kernel, cloud and log agree.
final class Healing {

    private Healing() {}

    /// The first thing that is not yet as it should be.
    static Optional<String> lacks(World world) {
        if (world.replicas().stream().noneMatch(Replica::isServing)) {
            return Optional.of("nobody serves the partition");
        }
        for (var host : world.hosts()) {
            var lack = lacks(world, host);
            if (lack.isPresent()) {
                return lack;
            }
        }
        return cloud(world);
    }

    private static Optional<String> lacks(World world, Host host) {
        var node = world.log().node(host.name());
        for (var pod : host.runtime().pods()) {
            if (pod.isWanted() && !pod.isServed()) {
                return Optional.of(pod + " on " + host + " is not served; the log has "
                        + node.endpoint(pod.attachment()) + " and " + node.addresses());
            }
            if (!pod.isWanted() && !pod.undeleted().isEmpty()) {
                return Optional.of(pod + " on " + host + " is not deleted: " + pod.undeleted());
            }
        }
        return kernel(host, node).or(() -> resting(host, node)).or(() -> journal(world, host));
    }

    private static Optional<String> kernel(Host host, Node node) {
        Set<String> inKernel = new HashSet<>();
        for (var link : host.links().living()) {
            inKernel.add(link.key().podUid());
        }
        Set<String> inLog = new HashSet<>();
        for (var endpoint : node.endpoints().values()) {
            if (!(endpoint instanceof Endpoint.Ready)) {
                return Optional.of("on " + host + " the log has " + endpoint);
            }
            inLog.add(endpoint.request().attachment().pod().value());
        }
        return inKernel.equals(inLog)
                ? Optional.empty()
                : Optional.of("on " + host + " the kernel has " + inKernel + ", the log " + inLog);
    }

    private static Optional<String> journal(World world, Host host) {
        var untold = world.told().untold(host);
        return untold.isEmpty() ? Optional.empty() : Optional.of("the log has not heard " + untold + " of " + host);
    }

    private static Optional<String> resting(Host host, Node node) {
        for (var entry : node.addresses().entrySet()) {
            boolean isGuarded = entry.getValue() instanceof Address.Arriving
                    && node.guarded().containsKey(entry.getKey());
            if (!(entry.getValue() instanceof Address.Idle)
                    && !(entry.getValue() instanceof Address.Bound)
                    && !isGuarded) {
                return Optional.of("on " + host + " " + entry.getKey() + " is " + entry.getValue());
            }
        }
        return node.intents().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "on " + host + " the log still wants " + node.intents().values());
    }

    private static Optional<String> cloud(World world) {
        Set<String> inCloud = new HashSet<>();
        for (var eni : world.interfaces()) {
            inCloud.add(eni.id() + List.copyOf(new java.util.TreeSet<>(eni.secondaryAddresses())) + eni.status());
        }
        Set<String> inLog = new HashSet<>();
        for (var node : world.log().nodes().values()) {
            for (var eni : node.enis().values()) {
                var addresses = new java.util.TreeSet<String>();
                node.addresses().forEach((ip, address) -> {
                    if (address.eni().equals(eni.id())) {
                        addresses.add(ip.value());
                    }
                });
                inLog.add(eni.id() + "" + List.copyOf(addresses) + (eni.isAttached() ? "InUse" : eni.state()));
            }
        }
        return inCloud.equals(inLog)
                ? Optional.empty()
                : Optional.of("the cloud has " + inCloud + ", the log " + inLog);
    }
}
