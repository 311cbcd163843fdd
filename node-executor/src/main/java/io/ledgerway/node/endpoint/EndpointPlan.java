package io.ledgerway.node.endpoint;

import java.net.InetAddress;
import java.util.List;

/// What the kernel must hold for one endpoint, in the order in which it is made. `podGateways` are the first hops that
/// the pod sees, one for each of its addresses and in their order.
public record EndpointPlan(
        EndpointSpec spec, PodAttachment attachment, List<KernelObject> objects, List<InetAddress> podGateways) {
    public EndpointPlan {
        objects = List.copyOf(objects);
        podGateways = List.copyOf(podGateways);
    }

    List<KernelObject> in(KernelObject.Place place) {
        return objects.stream().filter(object -> object.place() == place).toList();
    }
}
