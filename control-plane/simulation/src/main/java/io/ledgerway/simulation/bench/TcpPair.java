package io.ledgerway.simulation.bench;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.simulation.vpc.Namespaces;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A TCP connection between two network namespaces, both ends of it in this process, each on a thread of its own.
final class TcpPair implements AutoCloseable {

    /// One word there and one back.
    private static final int WORD = 64;

    private static final int CHUNK = 256 * 1024;

    private final SocketChannel near;
    private final SocketChannel far;

    private TcpPair(SocketChannel near, SocketChannel far) {
        this.near = near;
        this.far = far;
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    /// @param address the far end's, in the namespace `to`
    static TcpPair open(String from, String to, IpAddress address) {
        try (var listening = inside(to, () -> ServerSocketChannel.open(StandardProtocolFamily.INET))) {
            listening.bind(new InetSocketAddress(address.value(), 0));
            var near = inside(from, () -> SocketChannel.open(StandardProtocolFamily.INET));
            near.connect(listening.getLocalAddress());
            var far = listening.accept();
            near.setOption(StandardSocketOptions.TCP_NODELAY, true);
            far.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new TcpPair(near, far);
        } catch (IOException e) {
            throw new UncheckedIOException("no connection from " + from + " to " + address, e);
        }
    }

    private static <T> T inside(String namespace, Work<T> work) {
        try (var there = NetNs.open(Namespaces.path(namespace).toString())) {
            return there.inside(() -> uninterrupted(work));
        }
    }

    private static <T> T uninterrupted(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How long each of so many requests took until its response was there.
    List<Duration> roundTrips(int count) {
        var other = Thread.ofPlatform()
                .start(() -> uninterrupted(() -> {
                    var word = ByteBuffer.allocateDirect(WORD);
                    for (int done = 0; done < count; done++) {
                        readAll(far, word);
                        far.write(word.flip());
                    }
                    return null;
                }));
        var took = new ArrayList<Duration>();
        var word = ByteBuffer.allocateDirect(WORD);
        uninterrupted(() -> {
            for (int done = 0; done < count; done++) {
                long started = System.nanoTime();
                near.write(word.clear());
                readAll(near, word);
                took.add(Duration.ofNanos(System.nanoTime() - started));
            }
            return null;
        });
        join(other);
        return took;
    }

    /// How long it took until so many bytes had arrived.
    Duration stream(long bytes) {
        var sender = Thread.ofPlatform()
                .start(() -> uninterrupted(() -> {
                    var chunk = ByteBuffer.allocateDirect(CHUNK);
                    for (long left = bytes; left > 0; ) {
                        chunk.clear().limit((int) Math.min(CHUNK, left));
                        left -= near.write(chunk);
                    }
                    return null;
                }));
        long started = System.nanoTime();
        uninterrupted(() -> {
            var chunk = ByteBuffer.allocateDirect(CHUNK);
            for (long left = bytes; left > 0; ) {
                chunk.clear().limit((int) Math.min(CHUNK, left));
                int read = far.read(chunk);
                if (read < 0) {
                    throw new EOFException("the stream ended " + left + " bytes too early");
                }
                left -= read;
            }
            return null;
        });
        var took = Duration.ofNanos(System.nanoTime() - started);
        join(sender);
        return took;
    }

    private static void readAll(SocketChannel channel, ByteBuffer word) throws IOException {
        word.clear();
        while (word.hasRemaining()) {
            if (channel.read(word) < 0) {
                throw new EOFException("the other end is gone");
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    @Override
    public void close() {
        uninterrupted(() -> {
            near.close();
            far.close();
            return null;
        });
    }
}
