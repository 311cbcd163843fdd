package io.ledgerway.simulator.cloud;

/// An IPv4 block of a vSwitch. ECS keeps the first and the last three addresses; the third from the end is the gateway.
public record Subnet(int network, int prefixLength) {
    private static final int SHORTEST_PREFIX = 16;
    private static final int LONGEST_PREFIX = 29;
    private static final int RESERVED_AT_START = 1;
    private static final int RESERVED_AT_END = 3;

    public Subnet {
        if (prefixLength < SHORTEST_PREFIX || prefixLength > LONGEST_PREFIX) {
            throw new IllegalArgumentException(
                    "a vSwitch block is /" + SHORTEST_PREFIX + " to /" + LONGEST_PREFIX + ", not /" + prefixLength);
        }
        if ((network & (size(prefixLength) - 1)) != 0) {
            throw new IllegalArgumentException(text(network) + "/" + prefixLength + " has bits set beyond its prefix");
        }
    }

    public static Subnet parse(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a CIDR block: '" + cidr + "'");
        }
        return new Subnet(address(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)));
    }

    /// The address as a number.
    public static int address(String text) {
        String[] parts = text.split("\\.", -1);
        int value = 0;
        for (String part : parts) {
            if (parts.length != 4 || !part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
                throw new IllegalArgumentException("not an IPv4 address: '" + text + "'");
            }
            value = value << 8 | Integer.parseInt(part);
        }
        return value;
    }

    public static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    private static int size(int prefixLength) {
        return 1 << (32 - prefixLength);
    }

    public int size() {
        return size(prefixLength);
    }

    /// How many addresses interfaces may hold.
    public int capacity() {
        return size() - RESERVED_AT_START - RESERVED_AT_END;
    }

    public int firstOffset() {
        return RESERVED_AT_START;
    }

    /// Whether an interface may hold the address at this offset from the start of the block.
    public boolean isAssignable(long offset) {
        return offset >= RESERVED_AT_START && offset < size() - RESERVED_AT_END;
    }

    /// The distance from the start of the block; below zero or beyond its size for an address outside of it.
    public long offsetOf(String address) {
        return Integer.toUnsignedLong(address(address)) - Integer.toUnsignedLong(network);
    }

    public String at(int offset) {
        return text(network + offset);
    }

    public String gateway() {
        return at(size() - RESERVED_AT_END);
    }

    public boolean overlaps(Subnet other) {
        long offset = Integer.toUnsignedLong(other.network) - Integer.toUnsignedLong(network);
        return offset >= 0 ? offset < size() : -offset < other.size();
    }

    @Override
    public String toString() {
        return text(network) + "/" + prefixLength;
    }
}
