package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Link;

/// Everything that an endpoint needs, as granted: nothing is left to choose. `sandbox` is the CNI container id that it
/// is made for.
public record EndpointSpec(EndpointKey key, String sandbox, String netns, Allocation allocation, int mtu) {
    public static final int MAX_SANDBOX = 100;
    private static final int MIN_MTU = 576;
    private static final int MAX_MTU = 65_535;

    public EndpointSpec {
        if (netns.isBlank()) {
            throw new IllegalArgumentException("endpoint " + key + " needs the path of a network namespace");
        }
        if (mtu < MIN_MTU || mtu > MAX_MTU) {
            throw new IllegalArgumentException(
                    "MTU of " + key + " must be " + MIN_MTU + " to " + MAX_MTU + ", not " + mtu);
        }
        if (new LinkAlias(key, sandbox, false).toString().length() > Link.MAX_ALIAS) {
            throw new IllegalArgumentException("sandbox id of " + key + " is too long: " + sandbox);
        }
    }
}
