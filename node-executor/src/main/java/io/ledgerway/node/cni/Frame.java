package io.ledgerway.node.cni;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// Four bytes of length, most significant first, then that many bytes.
final class Frame {
    /// A network configuration with its previous result has a few kilobytes.
    static final int MAX_BYTES = 256 * 1024;

    private static final int LENGTH_BYTES = Integer.BYTES;

    private Frame() {}

    static byte[] read(ReadableByteChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(LENGTH_BYTES);
        fill(channel, head);
        int length = head.flip().getInt();
        if (length < 0 || length > MAX_BYTES) {
            throw new CniException(
                    CniErrorCode.DECODING_FAILURE,
                    "a request of " + Integer.toUnsignedString(length) + " bytes is refused; " + MAX_BYTES
                            + " is the limit, shorten the network configuration");
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        fill(channel, body);
        return body.array();
    }

    private static void fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the caller closed the connection in the middle of a frame");
            }
        }
    }

    static void write(WritableByteChannel channel, byte[]... parts) throws IOException {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer frame = ByteBuffer.allocate(LENGTH_BYTES + length).putInt(length);
        for (byte[] part : parts) {
            frame.put(part);
        }
        frame.flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }
}
