package io.ledgerway.node.kernel;

import java.util.HexFormat;

/// An Ethernet address, in the lower 48 bits of a long.
public record MacAddress(long bits) {
    private static final int BYTES = 6;
    private static final HexFormat HEX = HexFormat.ofDelimiter(":");

    public MacAddress {
        if (bits < 0 || bits >>> 48 != 0) {
            throw new IllegalArgumentException("a MAC address has 48 bits: 0x" + Long.toHexString(bits));
        }
    }

    public static MacAddress of(String text) {
        byte[] bytes;
        try {
            bytes = HEX.parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a MAC address: " + text, e);
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a MAC address has six bytes: " + text);
        }
        return of(bytes);
    }

    static MacAddress of(byte[] bytes) {
        long bits = 0;
        for (int i = 0; i < BYTES; i++) {
            bits = bits << 8 | bytes[i] & 0xff;
        }
        return new MacAddress(bits);
    }

    /// A unicast address of the range that everyone may use without asking.
    public static MacAddress locallyAdministered(long seed) {
        return new MacAddress((seed & 0x0000_fcff_ffff_ffffL) | 0x0000_0200_0000_0000L);
    }

    byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (bits >>> 8 * (BYTES - 1 - i));
        }
        return bytes;
    }

    @Override
    public String toString() {
        return HEX.formatHex(bytes());
    }
}
