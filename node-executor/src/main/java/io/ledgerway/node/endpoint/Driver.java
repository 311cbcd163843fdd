package io.ledgerway.node.endpoint;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/// A way to connect pods. A driver decides and describes; it does no I/O. A new one adds cases to `PodAttachment`
/// and `KernelObject` where it needs them, and the compiler then names every place that must know.
public interface Driver {
    String name();

    /// Throws `EndpointException` with `UNSUPPORTED` for what this driver cannot connect.
    EndpointPlan plan(EndpointSpec spec);

    /// The link on the node that carries the alias of this endpoint.
    String nodeLinkName(EndpointKey key);

    /// What must end at once when an endpoint ends, whatever ENI it used; the rest ends with its link.
    List<KernelObject> withdrawn(EndpointKey key, Collection<InetAddress> addresses);
}
