package io.ledgerway.node.kernel;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/// One message as the kernel sent it: fixed part by offset, attributes by type. A view; decode before the next receive.
final class NlMessage {
    private static final int TYPE_MASK = 0x3fff;
    private final int type;
    private final ByteBuffer payload;

    NlMessage(int type, ByteBuffer payload) {
        this.type = type;
        this.payload = payload;
    }

    int type() {
        return type;
    }

    int u8(int offset) {
        return payload.get(payload.position() + offset) & 0xff;
    }

    int u16(int offset) {
        return payload.getShort(payload.position() + offset) & 0xffff;
    }

    int i32(int offset) {
        return payload.getInt(payload.position() + offset);
    }

    /// The attributes that follow a fixed part of this many bytes.
    Attributes attributes(int fixedBytes) {
        int from = Math.min(payload.position() + fixedBytes, payload.limit());
        return new Attributes(payload, from, payload.limit());
    }

    /// A run of attributes between two absolute positions; malformed lengths end the run instead of reading past it.
    static final class Attributes {
        private static final int HEADER_BYTES = 4;
        private final ByteBuffer bytes;
        private final int from;
        private final int to;

        private Attributes(ByteBuffer bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        private int find(int wanted) {
            for (int at = from; at + HEADER_BYTES <= to; ) {
                int length = bytes.getShort(at) & 0xffff;
                if (length < HEADER_BYTES || at + length > to) {
                    return -1;
                }
                if ((bytes.getShort(at + 2) & TYPE_MASK) == wanted) {
                    return at;
                }
                at += length + 3 & ~3;
            }
            return -1;
        }

        private int end(int at) {
            return at + (bytes.getShort(at) & 0xffff);
        }

        boolean has(int type) {
            return find(type) >= 0;
        }

        Attributes nested(int type) {
            int at = find(type);
            return at < 0 ? new Attributes(bytes, to, to) : new Attributes(bytes, at + HEADER_BYTES, end(at));
        }

        byte[] bytes(int type) {
            int at = find(type);
            if (at < 0) {
                return new byte[0];
            }
            byte[] copy = new byte[end(at) - at - HEADER_BYTES];
            bytes.get(at + HEADER_BYTES, copy);
            return copy;
        }

        OptionalInt u32(int type) {
            int at = find(type);
            return at < 0 || end(at) - at < HEADER_BYTES + Integer.BYTES
                    ? OptionalInt.empty()
                    : OptionalInt.of(bytes.getInt(at + HEADER_BYTES));
        }

        OptionalInt u16(int type) {
            int at = find(type);
            return at < 0 || end(at) - at < HEADER_BYTES + Short.BYTES
                    ? OptionalInt.empty()
                    : OptionalInt.of(bytes.getShort(at + HEADER_BYTES) & 0xffff);
        }

        int u8(int type, int absent) {
            int at = find(type);
            return at < 0 ? absent : bytes.get(at + HEADER_BYTES) & 0xff;
        }

        String string(int type) {
            byte[] raw = bytes(type);
            int length = raw.length > 0 && raw[raw.length - 1] == 0 ? raw.length - 1 : raw.length;
            return new String(raw, 0, length, StandardCharsets.UTF_8);
        }

        Optional<InetAddress> address(int type) {
            byte[] raw = bytes(type);
            if (raw.length != 4 && raw.length != 16) {
                return Optional.empty();
            }
            try {
                return Optional.of(InetAddress.getByAddress(raw));
            } catch (UnknownHostException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        Optional<MacAddress> mac(int type) {
            byte[] raw = bytes(type);
            return raw.length == 6 ? Optional.of(MacAddress.of(raw)) : Optional.empty();
        }

        /// The attribute as an array of native 32-bit words.
        int[] words(int type) {
            byte[] raw = bytes(type);
            int[] words = new int[raw.length / Integer.BYTES];
            ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder()).asIntBuffer().get(words);
            return words;
        }
    }
}
