package io.ledgerway.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// The network between a caller and a port: it can be cut, so that both ends hear of it, or go dead, so that neither
/// does.
public final class Wire implements AutoCloseable {

    private final ServerSocket entrance;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch revived = new CountDownLatch(1);
    private volatile boolean dead;
    private volatile boolean closed;

    public Wire(int target) {
        this.target = target;
        try {
            entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return entrance.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                var near = entrance.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(near, far));
                if (closed) {
                    cut();
                }
                Thread.ofVirtual().start(() -> carry(near, far));
                Thread.ofVirtual().start(() -> carry(far, near));
            }
        } catch (IOException e) {
            // The end of the test.
        }
    }

    private void carry(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            var buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (dead) {
                    revived.await();
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException e) {
            // Cut.
        }
    }

    /// As when a process is killed: the kernel ends its connections, and nothing is said over them before.
    public void cut() {
        sockets.forEach(Wire::close);
    }

    /// As when a machine loses power: not even an end arrives.
    public void goDead() {
        dead = true;
    }

    /// What was on its way arrives after all.
    public void revive() {
        dead = false;
        revived.countDown();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        revive();
        cut();
    }
}
