package io.ledgerway.node.endpoint;

import java.util.Optional;

/// What the alias of a NIC says that was moved into a pod: what it was called before, and whose it is. The alias stays
/// with the NIC when the kernel hands it back because the pod's namespace has ended.
record NicAlias(String formerName, EndpointKey key, String sandbox) {
    private static final String PREFIX = "ledgerway-nic:";

    /// Empty for links that nobody moved.
    static Optional<NicAlias> parse(String alias) {
        if (!alias.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = alias.substring(PREFIX.length()).split("/", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NicAlias(parts[0], new EndpointKey(parts[1], parts[2]), parts[3]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return PREFIX + formerName + "/" + key + "/" + sandbox;
    }
}
