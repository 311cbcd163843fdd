package io.ledgerway.domain;

import java.math.BigInteger;

/// A block of addresses, `10.0.1.0/24`, with no bits set behind the prefix.
public record Cidr(IpAddress network, int prefixLength) {

    public Cidr {
        int bits = network.isIpv6() ? 128 : 32;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException(
                    "a prefix of " + network + " is 0 to " + bits + " long, not " + prefixLength);
        }
        var host = BigInteger.ONE.shiftLeft(bits - prefixLength).subtract(BigInteger.ONE);
        if (new BigInteger(1, network.bytes()).and(host).signum() != 0) {
            throw new IllegalArgumentException(network + "/" + prefixLength + " has bits set behind its prefix");
        }
    }

    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a CIDR block looks like 10.0.1.0/24, not " + text);
        }
        return new Cidr(new IpAddress(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /// The address `offset` before the last one of the block; the last one itself is at 0.
    public IpAddress fromEnd(int offset) {
        var bytes = network.bytes();
        var last = new BigInteger(1, bytes)
                .add(BigInteger.ONE.shiftLeft(bytes.length * 8 - prefixLength))
                .subtract(BigInteger.valueOf(1L + offset));
        return IpAddress.of(padded(last, bytes.length));
    }

    public boolean contains(IpAddress address) {
        var mine = network.bytes();
        var theirs = address.bytes();
        if (mine.length != theirs.length) {
            return false;
        }
        var shift = mine.length * 8 - prefixLength;
        return new BigInteger(1, mine).shiftRight(shift).equals(new BigInteger(1, theirs).shiftRight(shift));
    }

    private static byte[] padded(BigInteger value, int length) {
        var bytes = new byte[length];
        var raw = value.toByteArray();
        int used = Math.min(raw.length, length);
        System.arraycopy(raw, raw.length - used, bytes, length - used, used);
        return bytes;
    }

    @Override
    public String toString() {
        return network + "/" + prefixLength;
    }
}
