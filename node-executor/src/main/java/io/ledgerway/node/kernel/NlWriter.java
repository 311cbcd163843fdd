package io.ledgerway.node.kernel;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes netlink messages into a native buffer: headers, attributes and their padding. Knows nothing of what they
/// mean.
final class NlWriter {
    static final int HEADER_BYTES = 16;
    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    private static final int NESTED = 0x8000;
    private final ByteBuffer buffer;

    NlWriter(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /// Appends the whole request, header included.
    void message(NlRequest request, int flags, int sequence) {
        int start = buffer.position();
        buffer.putInt(0)
                .putShort((short) request.type())
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
        request.body().accept(this);
        buffer.putInt(start, buffer.position() - start);
        pad();
    }

    NlWriter u8(int... values) {
        for (int value : values) {
            buffer.put((byte) value);
        }
        return this;
    }

    NlWriter u16(int value) {
        buffer.putShort((short) value);
        return this;
    }

    NlWriter u32(int value) {
        buffer.putInt(value);
        return this;
    }

    NlWriter attribute(int type, int value) {
        return header(type, Integer.BYTES).u32(value);
    }

    NlWriter attribute(int type, byte[] value) {
        header(type, value.length);
        buffer.put(value);
        pad();
        return this;
    }

    NlWriter attribute(int type, InetAddress value) {
        return attribute(type, value.getAddress());
    }

    /// Strings end with a zero byte on the wire.
    NlWriter attribute(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        header(type, bytes.length + 1);
        buffer.put(bytes).put((byte) 0);
        pad();
        return this;
    }

    NlWriter attributeU16(int type, int value) {
        header(type, Short.BYTES).u16(value);
        pad();
        return this;
    }

    NlWriter attributeU8(int type, int value) {
        header(type, 1);
        buffer.put((byte) value);
        pad();
        return this;
    }

    NlWriter nested(int type, Runnable content) {
        int start = buffer.position();
        header(type | NESTED, 0);
        content.run();
        buffer.putShort(start, (short) (buffer.position() - start));
        return this;
    }

    private NlWriter header(int type, int length) {
        buffer.putShort((short) (ATTRIBUTE_HEADER_BYTES + length)).putShort((short) type);
        return this;
    }

    private void pad() {
        while ((buffer.position() & 3) != 0) {
            buffer.put((byte) 0);
        }
    }
}
