package io.ledgerway.node.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.OpenFiles;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The socket itself: who may connect, how many, and what becomes of those that are not the relay.
class CniServerTest extends SocketTest {

    @Test
    void connectionsBeyondTheLimitAreToldToTryAgain() throws IOException {
        List<SocketChannel> idle = new ArrayList<>();
        try {
            for (int i = 0; i < CniServer.MAX_CONNECTIONS; i++) {
                idle.add(SocketChannel.open(UnixDomainSocketAddress.of(served.server.socket())));
            }
            ServedSocket.waitFor(() -> served.server.openConnections() == CniServer.MAX_CONNECTIONS);

            served.assertRefused(
                    11,
                    "CNI calls are under way already",
                    served.client.call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION));
            // More than the socket takes: the server is gone before all is sent, and its refusal must be read all the
            // same.
            served.assertRefused(
                    11,
                    "CNI calls are under way already",
                    served.client.call(
                            ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION + " ".repeat(250_000)));
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
        served.assertQuiet();
        assertEquals(
                0,
                served.client
                        .call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION)
                        .exitStatus());
    }

    @Test
    void lengthBeyondTheLimitIsRefusedWithoutWaitingForTheRest() throws IOException {
        for (int length : new int[] {Frame.MAX_BYTES + 1, Integer.MAX_VALUE, -1}) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(served.server.socket()))) {
                channel.write(ByteBuffer.allocate(4).putInt(length).flip());
                byte[] answer = Frame.read(channel);
                assertTrue(new String(answer, 1, answer.length - 1).contains("\"code\":6"));
            }
        }
    }

    @Test
    void callerThatSendsNothingIsCutOffAfterTheLimit() throws IOException {
        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(served.server.socket()))) {
            assertEquals(-1, silent.read(ByteBuffer.allocate(1)));
        }
        served.assertQuiet();
    }

    @Test
    void randomBytesNeitherCrashNorLeak() throws IOException {
        Random random = new Random(4000);
        int threadsBefore = Thread.activeCount();
        long filesBefore = OpenFiles.count();
        for (int i = 0; i < 4000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            if (i % 2 == 0 && bytes.length >= 4) {
                // A right length, so that what follows is looked at.
                ByteBuffer.wrap(bytes).putInt(bytes.length - 4);
            }
            if (i % 4 == 0 && bytes.length > 40) {
                ByteBuffer.wrap(bytes, 4, 30).put("CNI_COMMAND=ADD\0\0{\"name\":".getBytes());
            }
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(served.server.socket()))) {
                writeAsFarAsItGoes(channel, bytes);
                channel.shutdownOutput();
                readToTheEnd(channel);
            }
        }
        served.assertQuiet();
        assertEquals(List.of(), served.handler.calls);
        assertEquals(filesBefore, OpenFiles.count());
        assertEquals(threadsBefore, Thread.activeCount());
        assertEquals(
                0,
                served.client
                        .call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION)
                        .exitStatus());
    }

    private static void writeAsFarAsItGoes(SocketChannel channel, byte[] bytes) {
        try {
            channel.write(ByteBuffer.wrap(bytes));
        } catch (IOException refusedEarly) {
            // The answer to a length that is too big comes before the rest is sent.
        }
    }

    private static void readToTheEnd(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                assertTrue(buffer.position() > 0);
            }
        } catch (IOException closedWithUnreadBytes) {
            // As good as an end.
        }
    }

    @Test
    void onlyTheOwnerMayConnect() throws IOException {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(served.server.socket())));
    }

    @Test
    void socketOfALivingExecutorIsNotTakenOverButThatOfADeadOneIs() throws IOException {
        CniServer.Settings settings =
                new CniServer.Settings(served.server.socket(), Optional.empty(), path -> Optional.empty());
        IOException refused = assertThrows(IOException.class, () -> CniServer.start(settings, served.handler));
        assertTrue(refused.getMessage().contains("another executor serves"), refused.getMessage());
        assertEquals(
                0,
                served.client
                        .call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION)
                        .exitStatus());

        Path stale = directory.resolve("stale.sock");
        try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }
        assertTrue(Files.exists(stale));
        try (CniServer next = CniServer.start(
                new CniServer.Settings(stale, Optional.empty(), path -> Optional.empty()), served.handler)) {
            assertEquals(
                    0,
                    new CniClient(next.socket())
                            .call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION)
                            .exitStatus());
        }
    }
}
