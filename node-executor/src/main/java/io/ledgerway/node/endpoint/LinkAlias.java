package io.ledgerway.node.endpoint;

import java.util.Optional;

/// What the alias of a host link says: whose it is, for which sandbox, and whether its DEL was answered already.
/// The kernel thus remembers what a lost disk forgets.
public record LinkAlias(EndpointKey key, String sandbox, boolean removed) {
    private static final String IN_USE = "ledgerway:";
    private static final String REMOVED = "ledgerway-removed:";

    public LinkAlias {
        if (sandbox.isEmpty() || sandbox.length() > EndpointSpec.MAX_SANDBOX || sandbox.contains("/")) {
            throw new IllegalArgumentException("a sandbox id has 1 to " + EndpointSpec.MAX_SANDBOX
                    + " characters and no '/': \"" + sandbox + "\"");
        }
    }

    /// Empty for links that are not ours, and for ours that were not finished.
    public static Optional<LinkAlias> parse(String alias) {
        boolean removed = alias.startsWith(REMOVED);
        if (!removed && !alias.startsWith(IN_USE)) {
            return Optional.empty();
        }
        String[] parts = alias.substring((removed ? REMOVED : IN_USE).length()).split("/", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new LinkAlias(new EndpointKey(parts[0], parts[1]), parts[2], removed));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    LinkAlias asRemoved() {
        return new LinkAlias(key, sandbox, true);
    }

    @Override
    public String toString() {
        return (removed ? REMOVED : IN_USE) + key + "/" + sandbox;
    }
}
