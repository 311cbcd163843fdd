package io.ledgerway.simulation.matrix;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.simulation.matrix.Outcome.Answered;
import io.ledgerway.simulation.matrix.Outcome.AnsweredWhole;
import io.ledgerway.simulation.matrix.Outcome.Silence;
import io.ledgerway.simulation.vpc.Namespaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/// Calls the other side of a way from its station's namespace and leaves every choice, of the sender's address above
/// all, to the kernel.
final class Caller {

    /// More than the first flight of a connection, so that segments of full size are under way.
    private static final int STREAM = 256 * 1024;

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(300);

    private final Way way;
    private final StandardProtocolFamily family;
    private final Echo other;
    private final Duration patience;

    /// @param patience how long an answer may take in all, attempts included
    Caller(Way way, StandardProtocolFamily family, Echo other, Duration patience) {
        this.way = way;
        this.family = family;
        this.other = other;
        this.patience = patience;
    }

    Outcome tcp() {
        var over = new CompletableFuture<Void>();
        try (var channel = inside(() -> SocketChannel.open(family))) {
            // Writing has no time-out of its own, and a way that swallows full segments would hold it for ever.
            over.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> close(channel));
            var socket = channel.socket();
            socket.connect(target(other.tcpPort(family)), millis(patience));
            socket.getOutputStream().write(new byte[STREAM]);
            socket.shutdownOutput();
            var said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split(" ");
            return said.length == 2 && said[1].equals(Integer.toString(STREAM))
                    ? new Answered(new IpAddress(said[0]), way.called().of(family))
                    : new Silence("the stream did not arrive whole");
        } catch (AsynchronousCloseException e) {
            return new Silence("not in " + patience.toMillis() + " ms");
        } catch (IOException e) {
            return new Silence(e.getMessage());
        } finally {
            over.complete(null);
        }
    }

    private static Void close(SocketChannel channel) {
        try {
            channel.close();
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Outcome udp() {
        try (var channel = datagrams()) {
            return asking(channel, Datagram.SHORT);
        } catch (IOException e) {
            return new Silence(e.getMessage());
        }
    }

    /// Sends what the VPC carries, then what the way carries, then one byte more than that.
    ///
    /// @param mtu of the caller's own link, in bytes
    Outcome whole(int mtu) {
        try (var channel = datagrams()) {
            if (way.mtu() < mtu && !learnsThatTheWayIsNarrower(channel, mtu)) {
                return new Silence("nobody said that " + mtu + " bytes are too many");
            }
            var answer = asking(channel, Datagram.payload(way.mtu(), family));
            if (!(answer instanceof Answered(var seenAs, var answeredBy))) {
                return answer;
            }
            return isRefused(channel, way.mtu() + 1)
                    ? new AnsweredWhole(seenAs, answeredBy, way.mtu())
                    : new AnsweredWhole(seenAs, answeredBy, way.mtu() + 1);
        } catch (IOException e) {
            return new Silence(e.getMessage());
        }
    }

    private boolean learnsThatTheWayIsNarrower(DatagramChannel channel, int mtu) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            if (isRefused(channel, mtu)) {
                return true;
            }
            // Whatever comes back of the longer one, an answer would be one too many.
            if (!(receive(channel, Datagram.payload(mtu, family), BETWEEN_ATTEMPTS) instanceof Silence)) {
                return false;
            }
        }
        return false;
    }

    private boolean isRefused(DatagramChannel channel, int packet) throws IOException {
        try {
            send(channel, Datagram.payload(packet, family));
            return false;
        } catch (SocketException e) {
            return isTooLong(e);
        }
    }

    private static boolean isTooLong(SocketException e) {
        return e.getMessage().contains("Message too long");
    }

    private Outcome asking(DatagramChannel channel, int length) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        Outcome heard;
        do {
            try {
                send(channel, length);
            } catch (SocketException e) {
                return new Silence(length + " bytes of content were refused: " + e.getMessage());
            }
            heard = receive(channel, length, BETWEEN_ATTEMPTS);
        } while (heard instanceof Silence && System.nanoTime() < end);
        return heard;
    }

    private void send(DatagramChannel channel, int length) throws IOException {
        channel.send(Datagram.of("?", length), target(other.udpPort(family)));
    }

    private static Outcome receive(DatagramChannel channel, int length, Duration limit) throws IOException {
        var packet = new DatagramPacket(new byte[Echo.LONGEST], Echo.LONGEST);
        channel.socket().setSoTimeout(millis(limit));
        try {
            do {
                channel.socket().receive(packet);
            } while (packet.getLength() != length);
        } catch (SocketTimeoutException e) {
            return new Silence("none to " + length + " bytes of content");
        }
        return new Answered(
                new IpAddress(Datagram.word(packet.getData(), packet.getLength())),
                new IpAddress(packet.getAddress().getHostAddress()));
    }

    private DatagramChannel datagrams() throws IOException {
        var channel = inside(() -> DatagramChannel.open(family));
        try {
            return channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true)
                    .bind(null);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private InetSocketAddress target(int port) {
        return new InetSocketAddress(way.called().internet(family), port);
    }

    private interface Opening<T> {
        T open() throws IOException;
    }

    private <T> T inside(Opening<T> opening) {
        try (var namespace = NetNs.open(Namespaces.path(way.from().namespace()).toString())) {
            return namespace.inside(() -> {
                try {
                    return opening.open();
                } catch (IOException e) {
                    throw new UncheckedIOException(way.from().name() + " cannot open a socket", e);
                }
            });
        }
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
