package io.ledgerway.simulation.matrix;

import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A datagram that begins with a word and goes on with nothing.
final class Datagram {

    /// Long enough for any address.
    static final int SHORT = 64;

    private static final int UDP_HEADER = 8;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    private Datagram() {}

    static ByteBuffer of(String word, int length) {
        return ByteBuffer.wrap(Arrays.copyOf(word.getBytes(StandardCharsets.US_ASCII), length));
    }

    static String word(byte[] bytes, int length) {
        int end = 0;
        while (end < length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.US_ASCII);
    }

    /// What a packet of so many bytes carries.
    static int payload(int packet, StandardProtocolFamily family) {
        return packet - UDP_HEADER - (family == StandardProtocolFamily.INET ? IPV4_HEADER : IPV6_HEADER);
    }
}
