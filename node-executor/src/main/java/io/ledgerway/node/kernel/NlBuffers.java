package io.ledgerway.node.kernel;

import java.nio.ByteBuffer;

/// The buffers of one thread's sockets. Zeroing fresh ones costs as much as a whole exchange, so sockets that are used
/// in turn share them.
final class NlBuffers {
    static final int SEND_BYTES = 64 * 1024;
    static final int RECEIVE_BYTES = 64 * 1024;
    final ByteBuffer send = Sys.nativeBuffer(SEND_BYTES);
    final ByteBuffer receive = Sys.nativeBuffer(RECEIVE_BYTES);
}
