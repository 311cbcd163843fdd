package io.ledgerway.simulation.matrix;

import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.simulation.vpc.Namespaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/// Answers at a station, over TCP and UDP, with the address that it was called from: to a datagram with one as long
/// that may not be cut, to a connection with that and how much came.
final class Echo implements AutoCloseable {

    static final int LONGEST = 65_507;

    private final Map<StandardProtocolFamily, ServerSocketChannel> listening =
            new EnumMap<>(StandardProtocolFamily.class);
    private final Map<StandardProtocolFamily, DatagramChannel> datagrams = new EnumMap<>(StandardProtocolFamily.class);

    static Echo at(Station station, Iterable<StandardProtocolFamily> families) {
        var echo = new Echo();
        try (var namespace = NetNs.open(Namespaces.path(station.namespace()).toString())) {
            namespace.inside(() -> {
                families.forEach(family -> echo.open(station, family));
                return null;
            });
        } catch (RuntimeException e) {
            echo.close();
            throw e;
        }
        echo.listening.values().forEach(channel -> Thread.ofVirtual().start(() -> accept(channel)));
        echo.datagrams.values().forEach(channel -> Thread.ofVirtual().start(() -> answer(channel)));
        return echo;
    }

    private void open(Station station, StandardProtocolFamily family) {
        var any = family == StandardProtocolFamily.INET ? "0.0.0.0" : "::";
        var address = station.anyAddress()
                ? InetAddress.ofLiteral(any)
                : station.addresses().internet(family);
        try {
            listening.put(family, ServerSocketChannel.open(family));
            listening.get(family).bind(new InetSocketAddress(address, 0));
            datagrams.put(family, DatagramChannel.open(family));
            datagrams
                    .get(family)
                    .setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true)
                    .bind(new InetSocketAddress(address, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(station.name() + " cannot listen at " + address, e);
        }
    }

    int tcpPort(StandardProtocolFamily family) {
        return listening.get(family).socket().getLocalPort();
    }

    int udpPort(StandardProtocolFamily family) {
        return datagrams.get(family).socket().getLocalPort();
    }

    private static void accept(ServerSocketChannel channel) {
        try {
            while (true) {
                var connection = channel.accept();
                Thread.ofVirtual().start(() -> account(connection));
            }
        } catch (ClosedChannelException over) {
            // The matrix is done.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void account(SocketChannel connection) {
        try (connection) {
            var buffer = ByteBuffer.allocate(LONGEST);
            long length = 0;
            for (int read = connection.read(buffer); read >= 0; read = connection.read(buffer.clear())) {
                length += read;
            }
            var said = literal(connection.getRemoteAddress()) + " " + length;
            connection.write(ByteBuffer.wrap(said.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException callerGone) {
            // It says so itself.
        }
    }

    private static void answer(DatagramChannel channel) {
        var buffer = ByteBuffer.allocate(LONGEST);
        while (true) {
            try {
                var caller = channel.receive(buffer.clear());
                int length = buffer.position();
                channel.send(Datagram.of(literal(caller), length), caller);
            } catch (ClosedChannelException over) {
                return;
            } catch (IOException unsendable) {
                // Too long for the way back, or nobody there any more: the caller waits in vain, which is its finding.
            }
        }
    }

    static String literal(SocketAddress address) {
        return ((InetSocketAddress) address).getAddress().getHostAddress();
    }

    @Override
    public void close() {
        try {
            for (var channel : listening.values()) {
                channel.close();
            }
            for (var channel : datagrams.values()) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        }
    }
}
