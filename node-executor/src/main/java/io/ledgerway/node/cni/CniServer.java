package io.ledgerway.node.cni;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// The Unix socket that the relay talks to: one request and one answer per connection, a virtual thread each. Only
/// the owner of the process may connect (mode 0600): who can ADD can take any address.
public final class CniServer implements AutoCloseable {
    public static final int MAX_CONNECTIONS = 256;
    /// The relay sends its request at once; whoever does not is not the relay.
    public static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

    private static final Logger LOG = System.getLogger(CniServer.class.getName());
    private static final int MAX_PATH_BYTES = 107;
    private static final Duration REAPER_PERIOD = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILED_ACCEPT = Duration.ofMillis(100);

    private final Path socket;
    private final Dispatcher dispatcher;
    private final ServerSocketChannel server;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private final Thread reaper;

    /// @param networkName the only network that is served; every one if empty
    /// @param netnsProblem what is wrong with a path as the namespace of a pod, or empty
    public record Settings(
            Path socket, Optional<String> networkName, Function<String, Optional<String>> netnsProblem) {}

    private CniServer(Settings settings, CniHandler handler) throws IOException {
        this.socket = settings.socket();
        this.dispatcher = new Dispatcher(handler, new CallParser(settings.networkName(), settings.netnsProblem()));
        this.server = listen(socket);
        this.acceptor = Thread.ofPlatform().name("cni-acceptor").daemon().unstarted(this::accept);
        this.reaper = Thread.ofPlatform().name("cni-reaper").daemon().unstarted(this::reap);
    }

    public static CniServer start(Settings settings, CniHandler handler) throws IOException {
        CniServer server = new CniServer(settings, handler);
        server.acceptor.start();
        server.reaper.start();
        return server;
    }

    /// Bound under another name and renamed when its mode is right, so that nobody can slip in between; the name
    /// of a dead predecessor is taken over by the same step.
    private static ServerSocketChannel listen(Path socket) throws IOException {
        if (socket.toString().length() > MAX_PATH_BYTES - ".new".length()) {
            throw new IOException("the socket path " + socket + " is longer than the " + (MAX_PATH_BYTES - 4)
                    + " bytes that the system allows; choose a shorter one");
        }
        if (someoneListensAt(socket)) {
            throw new IOException("another executor serves " + socket + "; stop it or choose another socket path");
        }
        Path directory = socket.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path temporary = socket.resolveSibling(socket.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(temporary), MAX_CONNECTIONS);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
            Files.move(temporary, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static boolean someoneListensAt(Path socket) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final long requestDeadline = System.nanoTime() + REQUEST_LIMIT.toNanos();
        private volatile boolean requestIsHere;

        private Connection(SocketChannel channel) {
            this.channel = channel;
        }

        private boolean isOverdue(long now) {
            return !requestIsHere && now - requestDeadline > 0;
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                Connection connection = new Connection(server.accept());
                connections.add(connection);
                boolean full = connections.size() > MAX_CONNECTIONS;
                Thread.ofVirtual().name("cni-call").start(() -> serve(connection, full));
            } catch (IOException e) {
                if (server.isOpen()) {
                    // Out of descriptors, most likely: the connections that end give some back.
                    LOG.log(Level.WARNING, "accepting a CNI connection at " + socket + " failed", e);
                    LockSupport.parkNanos(PAUSE_AFTER_FAILED_ACCEPT.toNanos());
                }
            }
        }
    }

    private void serve(Connection connection, boolean full) {
        try (SocketChannel channel = connection.channel) {
            Dispatcher.Answer answer = full ? tooMany() : answer(connection);
            Frame.write(channel, new byte[] {(byte) answer.exitStatus()}, answer.output());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a CNI caller went away", e);
        } finally {
            connections.remove(connection);
        }
    }

    private Dispatcher.Answer answer(Connection connection) throws IOException {
        byte[] frame;
        try {
            frame = Frame.read(connection.channel);
        } catch (CniException e) {
            return Dispatcher.failure(CniVersion.LATEST, e);
        }
        connection.requestIsHere = true;
        return dispatcher.answer(frame);
    }

    private static Dispatcher.Answer tooMany() {
        return Dispatcher.failure(
                CniVersion.LATEST,
                new CniException(
                        CniErrorCode.TRY_AGAIN_LATER,
                        MAX_CONNECTIONS + " CNI calls are under way already; try again when some are answered"));
    }

    private void reap() {
        while (server.isOpen()) {
            LockSupport.parkNanos(REAPER_PERIOD.toNanos());
            long now = System.nanoTime();
            for (Connection connection : connections) {
                if (connection.isOverdue(now)) {
                    closeQuietly(connection);
                }
            }
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a CNI connection failed", e);
        }
    }

    public Path socket() {
        return socket;
    }

    int openConnections() {
        return connections.size();
    }

    int callsInTurn() {
        return dispatcher.callsInTurn();
    }

    /// Stops listening and cuts the connections off: their callers get no answer and ask again.
    @Override
    public void close() throws IOException {
        server.close();
        LockSupport.unpark(reaper);
        connections.forEach(CniServer::closeQuietly);
        Files.deleteIfExists(socket);
    }
}
