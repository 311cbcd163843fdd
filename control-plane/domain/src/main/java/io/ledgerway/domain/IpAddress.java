package io.ledgerway.domain;

import java.net.Inet6Address;
import java.net.InetAddress;

/// An IPv4 or IPv6 address in its canonical text, so that equal addresses are equal values.
public record IpAddress(String value) implements Comparable<IpAddress> {

    private static final int DOTS = 3;

    public IpAddress {
        // The JDK takes 10.1 for 10.0.0.1, which nobody means.
        if (value.indexOf(':') < 0 && value.chars().filter(c -> c == '.').count() != DOTS) {
            throw new IllegalArgumentException("'" + value + "' is neither an IPv4 nor an IPv6 address");
        }
        value = InetAddress.ofLiteral(value).getHostAddress();
    }

    public boolean isIpv6() {
        return value.indexOf(':') >= 0;
    }

    /// 4 or 16 bytes, network order.
    public byte[] bytes() {
        return InetAddress.ofLiteral(value).getAddress();
    }

    public static IpAddress of(byte[] bytes) {
        try {
            var address = InetAddress.getByAddress(bytes);
            if (bytes.length == 16 && !(address instanceof Inet6Address)) {
                throw new IllegalArgumentException("an IPv4-mapped IPv6 address is no pod address: " + address);
            }
            return new IpAddress(address.getHostAddress());
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }

    @Override
    public int compareTo(IpAddress other) {
        var mine = bytes();
        var theirs = other.bytes();
        return mine.length != theirs.length
                ? Integer.compare(mine.length, theirs.length)
                : java.util.Arrays.compareUnsigned(mine, theirs);
    }

    @Override
    public String toString() {
        return value;
    }
}
