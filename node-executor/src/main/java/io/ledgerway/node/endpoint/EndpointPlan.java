package io.ledgerway.node.endpoint;

import java.net.InetAddress;
import java.util.List;

/// What the kernel must hold for one endpoint, in the order in which it is made. `podGateway` is the first hop that the
/// pod sees.
public record EndpointPlan(
        EndpointSpec spec, PodAttachment attachment, List<KernelObject> objects, InetAddress podGateway) {
    public EndpointPlan {
        objects = List.copyOf(objects);
    }

    List<KernelObject> in(KernelObject.Place place) {
        return objects.stream().filter(object -> object.place() == place).toList();
    }
}
