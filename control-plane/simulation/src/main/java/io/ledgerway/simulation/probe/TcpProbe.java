package io.ledgerway.simulation.probe;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.zip.CRC32C;

/// One end of a TCP stream, as a process of its own so that it can be started inside a network namespace.
/// `serve` prints its port, takes one stream and answers it with its length and checksum; `send HOST PORT BYTES`
/// compares that answer with what it sent. Exit status 0 if all arrived.
public final class TcpProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CHUNK = 16 * 1024;

    private TcpProbe() {}

    public static void main(String... arguments) throws IOException {
        switch (arguments[0]) {
            case "serve" -> serve();
            case "send" -> send(arguments[1], Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
            default -> throw new IllegalArgumentException("serve | send HOST PORT BYTES, not " + arguments[0]);
        }
    }

    private static void serve() throws IOException {
        try (var listening = new ServerSocket(0)) {
            listening.setSoTimeout((int) PATIENCE.toMillis());
            System.out.println(listening.getLocalPort());
            try (var socket = listening.accept()) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                var checksum = new CRC32C();
                var chunk = new byte[CHUNK];
                long length = 0;
                var in = socket.getInputStream();
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    checksum.update(chunk, 0, read);
                    length += read;
                }
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeLong(length);
                out.writeLong(checksum.getValue());
                out.flush();
            }
        }
    }

    private static void send(String host, int port, long bytes) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            var checksum = new CRC32C();
            var chunk = new byte[CHUNK];
            var content = new Random(bytes);
            var out = socket.getOutputStream();
            for (long left = bytes; left > 0; left -= CHUNK) {
                content.nextBytes(chunk);
                int length = (int) Math.min(CHUNK, left);
                checksum.update(chunk, 0, length);
                out.write(chunk, 0, length);
            }
            socket.shutdownOutput();
            var in = new DataInputStream(socket.getInputStream());
            long arrived = in.readLong();
            long theirs = in.readLong();
            System.out.println(arrived + " of " + bytes + " bytes arrived");
            if (arrived != bytes || theirs != checksum.getValue()) {
                System.err.println("the stream was damaged: " + arrived + " of " + bytes + " bytes, checksum " + theirs
                        + " instead of " + checksum.getValue());
                System.exit(1);
            }
        }
    }
}
