package io.ledgerway.node.calls;

import io.ledgerway.node.endpoint.Difference;
import io.ledgerway.node.endpoint.Driver;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.KernelInventory;
import io.ledgerway.node.endpoint.Recovery;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/// The kernel of this node.
public record KernelPlumbing(Endpoints endpoints, Driver driver) implements Plumbing {

    @Override
    public String linkName(EndpointKey key) {
        return driver.nodeLinkName(key);
    }

    @Override
    public EndpointResult add(EndpointSpec spec) {
        return endpoints.add(spec);
    }

    @Override
    public EndpointResult describe(EndpointSpec spec) {
        return endpoints.describe(spec);
    }

    @Override
    public List<Difference> check(EndpointSpec spec) {
        return endpoints.check(spec);
    }

    @Override
    public Endpoints.Removal remove(EndpointKey key, String sandbox, Collection<InetAddress> addresses) {
        return endpoints.remove(key, sandbox, addresses);
    }

    @Override
    public KernelInventory inventory() {
        return endpoints.inventory();
    }

    @Override
    public Recovery recover(Collection<EndpointSpec> desired) {
        return endpoints.recover(desired);
    }
}
