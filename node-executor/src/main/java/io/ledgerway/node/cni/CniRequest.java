package io.ledgerway.node.cni;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the relay sends: the variables `CNI_*` as zero-terminated `NAME=value`, an empty one, then standard input.
record CniRequest(Map<String, String> environment, byte[] stdin) {
    static final int MAX_VARIABLES = 64;

    static CniRequest decode(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        Map<String, String> environment = new LinkedHashMap<>();
        while (true) {
            String entry = untilZero(bytes);
            if (entry.isEmpty()) {
                byte[] stdin = new byte[bytes.remaining()];
                bytes.get(stdin);
                return new CniRequest(environment, stdin);
            }
            int equals = entry.indexOf('=');
            if (equals < 1 || environment.size() == MAX_VARIABLES) {
                throw malformed(
                        equals < 1
                                ? "an entry without a name"
                                : "more than " + MAX_VARIABLES + " variables whose names begin with CNI_");
            }
            environment.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
    }

    private static String untilZero(ByteBuffer bytes) {
        int start = bytes.position();
        for (int at = start; at < bytes.limit(); at++) {
            if (bytes.get(at) == 0) {
                bytes.position(at + 1);
                return new String(bytes.array(), start, at - start, StandardCharsets.UTF_8);
            }
        }
        throw malformed("variables that do not end");
    }

    private static CniException malformed(String what) {
        return new CniException(
                CniErrorCode.DECODING_FAILURE,
                "the request is not one of the Ledgerway relay: it has " + what
                        + "; install the relay that belongs to this executor");
    }

    byte[] encode() {
        StringBuilder text = new StringBuilder();
        environment.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\0'));
        byte[] head = text.append('\0').toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(head.length + stdin.length)
                .put(head)
                .put(stdin)
                .array();
    }
}
