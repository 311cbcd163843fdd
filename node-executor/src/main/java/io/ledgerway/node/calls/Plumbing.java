package io.ledgerway.node.calls;

import io.ledgerway.node.endpoint.Difference;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Endpoints.Removal;
import io.ledgerway.node.endpoint.KernelInventory;
import io.ledgerway.node.endpoint.Recovery;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/// What the calls need of the kernel; [io.ledgerway.node.endpoint.Endpoints] is it, and tests have one without a
/// kernel.
public interface Plumbing {

    /// The link on the node that this endpoint has, or would have.
    String linkName(EndpointKey key);

    EndpointResult add(EndpointSpec spec);

    /// What [#add] would answer.
    EndpointResult describe(EndpointSpec spec);

    List<Difference> check(EndpointSpec spec);

    Removal remove(EndpointKey key, String sandbox, Collection<InetAddress> addresses);

    KernelInventory inventory();

    Recovery recover(Collection<EndpointSpec> desired);
}
