package io.ledgerway.node.cni;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// Does what the relay does, from Java: for the self-test and for tests.
public final class CniClient {
    private final Path socket;

    public CniClient(Path socket) {
        this.socket = socket;
    }

    /// What the plugin would print and exit with.
    public record Reply(int exitStatus, String output) {}

    public Reply call(Map<String, String> environment, String stdin) throws IOException {
        byte[] request = new CniRequest(environment, stdin.getBytes(StandardCharsets.UTF_8)).encode();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            byte[] reply = exchange(channel, request);
            if (reply.length == 0) {
                throw new IOException("an answer without exit status from " + socket);
            }
            String output = new String(Arrays.copyOfRange(reply, 1, reply.length), StandardCharsets.UTF_8);
            return new Reply(reply[0], output);
        }
    }

    /// A refusal may be there to read although the request could not be sent: who has no time does not wait for it.
    private static byte[] exchange(SocketChannel channel, byte[] request) throws IOException {
        IOException unsent = null;
        try {
            Frame.write(channel, request);
        } catch (IOException e) {
            unsent = e;
        }
        try {
            return Frame.read(channel);
        } catch (IOException e) {
            if (unsent != null) {
                e.addSuppressed(unsent);
            }
            throw e;
        }
    }
}
