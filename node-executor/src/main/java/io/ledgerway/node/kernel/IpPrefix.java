package io.ledgerway.node.kernel;

import java.net.InetAddress;

/// A block of addresses of either family.
public record IpPrefix(InetAddress address, int length) {
    public IpPrefix {
        if (length < 0 || length > address.getAddress().length * 8) {
            throw new IllegalArgumentException("prefix length " + length + " does not fit " + address);
        }
    }

    /// The block that holds this one address.
    public static IpPrefix single(InetAddress address) {
        return new IpPrefix(address, address.getAddress().length * 8);
    }

    /// The block that holds every address of the same family.
    public static IpPrefix everythingLike(InetAddress address) {
        return new IpPrefix(Family.of(address).zero(), 0);
    }

    public boolean isSingle() {
        return length == address.getAddress().length * 8;
    }

    @Override
    public String toString() {
        return length == 0 ? "default" : address.getHostAddress() + "/" + length;
    }
}
