package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.Route;
import io.ledgerway.node.kernel.Rule;
import io.ledgerway.node.kernel.Rule.Direction;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A way to connect pods. A driver decides and describes; it does no I/O. A new one adds cases to `PodAttachment`
/// and `KernelObject` where it needs them, and the compiler then names every place that must know.
public interface Driver {
    String name();

    /// Throws `EndpointException` with `UNSUPPORTED` for what this driver cannot connect.
    EndpointPlan plan(EndpointSpec spec);

    /// The link on the node that carries the alias of this endpoint.
    default String nodeLinkName(EndpointKey key) {
        return LinkNames.onNode(key);
    }

    /// What must end at once when an endpoint ends, whatever ENI it used; the rest ends with its links.
    default List<KernelObject> withdrawn(EndpointKey key, Collection<InetAddress> addresses) {
        return withdrawn(new KernelObject.NodeLink(nodeLinkName(key)), addresses);
    }

    /// The routes to the addresses by this link, and the rules about them.
    static List<KernelObject> withdrawn(KernelObject.LinkReference way, Collection<InetAddress> addresses) {
        List<KernelObject> objects = new ArrayList<>();
        for (InetAddress address : addresses) {
            IpPrefix block = IpPrefix.single(address);
            objects.add(new KernelObject.RouteEntry(way, block, Optional.empty(), Route.MAIN));
            objects.add(new KernelObject.RuleEntry(
                    Rule.ours(Direction.TO, block, PlanParts.PRIORITY_TO_POD, Rule.ANY_TABLE)));
            objects.add(new KernelObject.RuleEntry(
                    Rule.ours(Direction.FROM, block, PlanParts.PRIORITY_FROM_POD, Rule.ANY_TABLE)));
        }
        return objects;
    }
}
